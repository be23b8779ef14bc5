-- The agents' state (schema agents), on the database "platform", as its superuser. LangGraph's checkpointer
-- makes and migrates the tables in it as platform_agents, and grants what consoles may read: CONTRACT.md 1.4.
-- Idempotent; run after contract.sql.

\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE SCHEMA IF NOT EXISTS agents AUTHORIZATION platform_agents;
REVOKE ALL ON SCHEMA agents FROM PUBLIC;
ALTER ROLE platform_agents SET idle_in_transaction_session_timeout = '10s';

GRANT CONNECT ON DATABASE platform TO platform_agents;
-- What its tools look up. It changes no order: the worker does, when a job tells it to.
GRANT USAGE ON SCHEMA platform TO platform_agents;
GRANT SELECT ON platform.kitchens, platform.suppliers, platform.items, platform.prices, platform.orders,
  platform.order_lines TO platform_agents;

COMMIT;
