"""A relay on loopback that can be told to hang, as a program of its own so that it takes no time from the
measuring one. Arguments: ports to pass on to (0 = never answer). It prints the ports it listens on; the
line `hang` on its standard input stops every byte; the end of its standard input ends it."""

from __future__ import annotations

import asyncio
import sys


class Relay:
    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.flows.set()
        self.never = asyncio.Event()

    async def serve(self, target: int) -> int:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if target == 0:
                await self.never.wait()
            await self.flows.wait()
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
            except OSError:
                writer.close()
                return
            await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    async def copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await self.flows.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()

    async def obey(self) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            if line.strip() == "hang":
                self.flows.clear()


async def run(targets: list[int]) -> None:
    relay = Relay()
    ports = [await relay.serve(target) for target in targets]
    print(*ports, flush=True)
    await relay.obey()


if __name__ == "__main__":
    try:
        asyncio.run(asyncio.wait_for(run([int(text) for text in sys.argv[1:]]), 600))
    except (asyncio.TimeoutError, KeyboardInterrupt):
        pass
