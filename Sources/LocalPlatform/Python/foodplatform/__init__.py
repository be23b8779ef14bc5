"""The services of the local food platform: what `galley local up` starts beside the servers.

Each module with a `main` is one process: api, admin, webhook, worker, traffic, links, and the
one-shot jobs. They stand in for the real platform and are therefore real servers on real queues.
"""

__version__ = "1.0.0"
