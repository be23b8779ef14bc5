-- The database and the roles, on any database of the primary (normally "postgres"), as its superuser:
--   psql -X -v ON_ERROR_STOP=1 -d postgres -f roles.sql
-- A second run repairs attributes, settings and memberships. Passwords come from the environment, never
-- from the command line; a role whose variable is unset keeps the password it has.

\set QUIET on
SET client_min_messages = warning;

SELECT 'CREATE DATABASE platform ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'platform') \gexec

-- galley_views is a group, not a login: "may read the contract". Every console role is in it.
SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['galley_views', 'galley_reader', 'galley_kitchen', 'galley_operator', 'galley_lead',
                  'galley_guard', 'galley_replicator', 'platform_api', 'platform_worker',
                  'platform_webhook', 'platform_admin', 'platform_agents', 'galley_agent_views']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE galley_views NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE galley_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE galley_kitchen LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE galley_operator LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE galley_lead LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE galley_guard LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION NOBYPASSRLS;
ALTER ROLE galley_replicator LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION NOBYPASSRLS;
ALTER ROLE platform_api LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_webhook LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_admin LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_agents LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- A group too: "may see what agents do". Not for kitchens.
ALTER ROLE galley_agent_views NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- What the API is while it serves one request: SET LOCAL ROLE to one of these, by the token's role. It
-- inherits nothing of them, so that code that forgets to become somebody can touch no order at all.
SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['platform_api_viewer', 'platform_api_kitchen', 'platform_api_operator', 'platform_api_lead']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE platform_api_viewer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_api_kitchen NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_api_operator NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_api_lead NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE platform_api NOINHERIT;
GRANT platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead TO platform_api;

-- A kitchen never sees infrastructure, so it alone is without pg_monitor.
GRANT galley_views TO galley_reader, galley_kitchen, galley_operator, galley_lead, galley_guard;
GRANT pg_monitor TO galley_reader, galley_operator, galley_lead;
GRANT galley_agent_views TO galley_reader, galley_operator, galley_lead;

-- Nothing a console reads may hold the platform up.
ALTER ROLE galley_reader SET default_transaction_read_only = on;
ALTER ROLE galley_reader SET statement_timeout = '2s';
ALTER ROLE galley_kitchen SET default_transaction_read_only = on;
ALTER ROLE galley_kitchen SET statement_timeout = '2s';
ALTER ROLE galley_operator SET default_transaction_read_only = on;
ALTER ROLE galley_operator SET statement_timeout = '2s';
ALTER ROLE galley_lead SET default_transaction_read_only = on;
ALTER ROLE galley_lead SET statement_timeout = '2s';
ALTER ROLE platform_api SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE platform_worker SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE platform_webhook SET idle_in_transaction_session_timeout = '10s';
-- not read-only by default: target_session_attrs=read-write would then find no server for it
ALTER ROLE platform_admin RESET default_transaction_read_only;
ALTER ROLE platform_admin SET statement_timeout = '2s';

-- The guard: what probe, cut, elect, promote and repoint need, and no more. The grants live in shared
-- catalogues and in both databases' own, so they are on every replica and outlive a promotion.
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO galley_guard;
GRANT ALTER SYSTEM, SET ON PARAMETER primary_conninfo, primary_slot_name, synchronous_standby_names,
  default_transaction_read_only TO galley_guard;

-- PUBLIC may connect to any database unless told otherwise.
REVOKE ALL ON DATABASE platform FROM PUBLIC;
GRANT CONNECT ON DATABASE platform TO galley_views, galley_guard, galley_replicator,
  platform_api, platform_worker, platform_webhook, platform_admin;

-- Functions are per database: the guard may be connected to either.
GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_reload_conf() TO galley_guard;
\connect platform
SET client_min_messages = warning;
GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_reload_conf() TO galley_guard;

-- Passwords last. The server hashes them; logging is off meanwhile, so that no log holds a clear one.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track_utility = off;
SET password_encryption = 'scram-sha-256';
\getenv reader GALLEY_READER_PASSWORD
\getenv kitchen GALLEY_KITCHEN_PASSWORD
\getenv operator GALLEY_OPERATOR_PASSWORD
\getenv lead GALLEY_LEAD_PASSWORD
\getenv guard GALLEY_GUARD_PASSWORD
\getenv replicator GALLEY_REPLICATOR_PASSWORD
\getenv api PLATFORM_API_PASSWORD
\getenv worker PLATFORM_WORKER_PASSWORD
\getenv webhook PLATFORM_WEBHOOK_PASSWORD
\getenv admin PLATFORM_ADMIN_PASSWORD
\getenv agents PLATFORM_AGENTS_PASSWORD
\if :{?reader}
ALTER ROLE galley_reader PASSWORD :'reader';
\endif
\if :{?kitchen}
ALTER ROLE galley_kitchen PASSWORD :'kitchen';
\endif
\if :{?operator}
ALTER ROLE galley_operator PASSWORD :'operator';
\endif
\if :{?lead}
ALTER ROLE galley_lead PASSWORD :'lead';
\endif
\if :{?guard}
ALTER ROLE galley_guard PASSWORD :'guard';
\endif
\if :{?replicator}
ALTER ROLE galley_replicator PASSWORD :'replicator';
\endif
\if :{?api}
ALTER ROLE platform_api PASSWORD :'api';
\endif
\if :{?worker}
ALTER ROLE platform_worker PASSWORD :'worker';
\endif
\if :{?webhook}
ALTER ROLE platform_webhook PASSWORD :'webhook';
\endif
\if :{?admin}
ALTER ROLE platform_admin PASSWORD :'admin';
\endif
\if :{?agents}
ALTER ROLE platform_agents PASSWORD :'agents';
\endif
