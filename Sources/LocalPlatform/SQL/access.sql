-- What the API may do while it serves a token of each role, and for which kitchens. The API checks the same
-- and says so politely; this holds when it forgets to. Included by schema.sql.
--
-- A request's transaction begins with SET LOCAL ROLE platform_api_<role> and with the token's kitchens in
-- the setting platform.kitchens: codes with commas between them, or *.

BEGIN;

CREATE OR REPLACE FUNCTION platform.may_see(kitchen text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT current_setting('platform.kitchens', true) = '*'
      OR kitchen = ANY (string_to_array(current_setting('platform.kitchens', true), ','))
$$;

-- Who acts, as the table of moves names roles; none for a superuser, who is not asked.
CREATE OR REPLACE FUNCTION platform.acting() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE current_user
    WHEN 'platform_api_viewer' THEN 'viewer' WHEN 'platform_api_kitchen' THEN 'kitchen'
    WHEN 'platform_api_operator' THEN 'operator' WHEN 'platform_api_lead' THEN 'lead'
    WHEN 'platform_worker' THEN 'service' END
$$;

-- A move that the table of moves does not give to the role is refused, whoever forgot to ask.
CREATE OR REPLACE FUNCTION platform.check_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := platform.acting();
BEGIN
  IF acting IS NOT NULL AND NEW.status <> OLD.status AND NOT EXISTS (
    SELECT FROM platform.order_moves
    WHERE from_status = OLD.status AND to_status = NEW.status AND acting = ANY (roles))
  THEN
    RAISE EXCEPTION 'role % may not move order % from % to %', acting, OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER check_move BEFORE UPDATE OF status ON platform.orders
  FOR EACH ROW EXECUTE FUNCTION platform.check_move();

-- The agents' threads about an order: they are called order-<id>-<graph> and kept in the schema agents by whoever
-- runs them, which may be nobody. As the owner, because no role of the API reads the rest of what is kept there.
CREATE OR REPLACE FUNCTION platform.order_agent_runs(wanted bigint) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF to_regclass('agents.checkpoints') IS NOT NULL
     AND EXISTS (SELECT FROM platform.orders WHERE id = wanted AND platform.may_see(kitchen_code))
  THEN
    -- a range, not LIKE: the index of this collation serves it
    RETURN QUERY EXECUTE 'SELECT DISTINCT thread_id::text FROM agents.checkpoints WHERE thread_id >= $1 AND thread_id < $2'
      USING format('order-%s-', wanted), format('order-%s.', wanted);
  END IF;
END $$;

-- Earlier editions gave the API itself what its roles have now.
REVOKE ALL ON ALL TABLES IN SCHEMA platform FROM platform_api;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA platform FROM platform_api;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA platform FROM platform_api;
GRANT EXECUTE ON FUNCTION platform.fold_order_deltas() TO platform_api, platform_worker;
-- its hourly tidying
GRANT SELECT (at), DELETE ON platform.idempotency_keys TO platform_api;

GRANT USAGE ON SCHEMA platform
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT SELECT ON platform.kitchens, platform.suppliers, platform.items, platform.prices, platform.policies,
  platform.catalogue_version, platform.order_statuses, platform.order_moves, platform.orders,
  platform.order_lines, platform.order_events, platform.favourites
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT INSERT ON platform.orders, platform.order_lines, platform.order_events
  TO platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT USAGE ON SEQUENCE platform.orders_id_seq TO platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT UPDATE (status, note) ON platform.orders TO platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT UPDATE (received_quantity, damaged_quantity, short_quantity) ON platform.order_lines
  TO platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT SELECT, INSERT ON platform.idempotency_keys TO platform_api_kitchen, platform_api_operator, platform_api_lead;
REVOKE ALL ON FUNCTION platform.order_agent_runs(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.order_agent_runs(bigint)
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead;
GRANT INSERT, DELETE ON platform.favourites TO platform_api_kitchen, platform_api_operator, platform_api_lead;

ALTER TABLE platform.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.order_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.favourites ENABLE ROW LEVEL SECURITY;

-- Policies are dropped and made anew: there is no CREATE OR REPLACE for them.
SELECT format('DROP POLICY %I ON platform.%I', policyname, tablename) FROM pg_policies
WHERE schemaname = 'platform' \gexec

-- The other services see all; what they may do is what they were granted. Some may not be part of this platform.
SELECT string_agg(quote_ident(rolname), ', ') AS services FROM pg_roles
WHERE rolname IN ('platform_worker', 'platform_admin', 'platform_agents') \gset
CREATE POLICY services ON platform.orders TO :services USING (true);
CREATE POLICY services ON platform.order_lines TO :services USING (true);
CREATE POLICY services ON platform.order_events TO :services USING (true) WITH CHECK (actor_role = platform.acting());

CREATE POLICY look ON platform.orders FOR SELECT
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (platform.may_see(kitchen_code));
CREATE POLICY place ON platform.orders FOR INSERT
  TO platform_api_kitchen, platform_api_operator, platform_api_lead
  WITH CHECK (status = 'submitted' AND platform.may_see(kitchen_code));
CREATE POLICY act ON platform.orders FOR UPDATE
  TO platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (platform.may_see(kitchen_code));

-- Lines and events are seen and written with the order that they belong to.
CREATE POLICY of_order ON platform.order_lines
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (EXISTS (SELECT FROM platform.orders AS o WHERE o.id = order_id));
-- nobody writes an event in the name of another role
CREATE POLICY of_order ON platform.order_events
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (EXISTS (SELECT FROM platform.orders AS o WHERE o.id = order_id))
  WITH CHECK (actor_role = platform.acting() AND EXISTS (SELECT FROM platform.orders AS o WHERE o.id = order_id));
-- A key is "<kitchen>/<the client's key>".
CREATE POLICY of_kitchen ON platform.idempotency_keys
  TO platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (platform.may_see(split_part(key, '/', 1)));
CREATE POLICY tidy ON platform.idempotency_keys TO platform_api USING (true);
CREATE POLICY of_kitchen ON platform.favourites
  TO platform_api_viewer, platform_api_kitchen, platform_api_operator, platform_api_lead
  USING (platform.may_see(kitchen_code));

COMMIT;
