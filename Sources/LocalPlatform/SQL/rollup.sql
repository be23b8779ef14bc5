-- Counts and values that would need a scan of all orders are kept as they change instead.
-- A writer only ever appends to order_deltas, so two transactions never wait for each other's counter;
-- fold_order_deltas() (called by the services every few seconds) adds the deltas up. Readers see
-- totals + deltas, which is exact at every instant. Included by schema.sql.

BEGIN;

CREATE TABLE IF NOT EXISTS platform.order_deltas (
  minute timestamptz NOT NULL,
  day date NOT NULL,
  status text NOT NULL,
  currency char(3) NOT NULL,
  orders bigint NOT NULL,
  value_minor bigint NOT NULL,
  entered bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE IF NOT EXISTS platform.order_totals (
  status text NOT NULL,
  currency char(3) NOT NULL,
  orders bigint NOT NULL,
  value_minor bigint NOT NULL,
  PRIMARY KEY (status, currency)
);

CREATE TABLE IF NOT EXISTS platform.order_days (
  day date NOT NULL,
  status text NOT NULL,
  currency char(3) NOT NULL,
  orders bigint NOT NULL,
  value_minor bigint NOT NULL,
  PRIMARY KEY (day, status, currency)
);

-- How many orders entered a status in each minute of the last two days.
CREATE TABLE IF NOT EXISTS platform.order_minutes (
  minute timestamptz NOT NULL,
  status text NOT NULL,
  entered bigint NOT NULL,
  PRIMARY KEY (minute, status)
);

CREATE OR REPLACE FUNCTION platform.note_orders_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
BEGIN
  INSERT INTO platform.order_deltas (minute, day, status, currency, orders, value_minor, entered)
  SELECT date_trunc('minute', clock_timestamp()), (placed_at AT TIME ZONE 'UTC')::date, status, currency,
         count(*), sum(total_minor), count(*)
  FROM new_rows GROUP BY 2, 3, 4;
  PERFORM platform.tell_orders(array_agg(id ORDER BY id)) FROM new_rows HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION platform.note_orders_updated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
BEGIN
  INSERT INTO platform.order_deltas (minute, day, status, currency, orders, value_minor, entered)
  SELECT date_trunc('minute', clock_timestamp()), (placed_at AT TIME ZONE 'UTC')::date, status, currency,
         sum(times), sum(times * total_minor), sum(entered)
  FROM (SELECT placed_at, status, currency, total_minor, -1 AS times, 0 AS entered FROM old_rows
        UNION ALL
        SELECT n.placed_at, n.status, n.currency, n.total_minor, 1, (n.status <> o.status)::int
        FROM new_rows AS n JOIN old_rows AS o USING (id)) AS change
  GROUP BY 2, 3, 4
  HAVING sum(times) <> 0 OR sum(times * total_minor) <> 0 OR sum(entered) <> 0;
  PERFORM platform.tell_orders(array_agg(id ORDER BY id)) FROM new_rows HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION platform.note_orders_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
BEGIN
  INSERT INTO platform.order_deltas (minute, day, status, currency, orders, value_minor, entered)
  SELECT date_trunc('minute', clock_timestamp()), (placed_at AT TIME ZONE 'UTC')::date, status, currency,
         -count(*), -sum(total_minor), 0
  FROM old_rows GROUP BY 2, 3, 4;
  PERFORM platform.tell_orders(array_agg(id ORDER BY id)) FROM old_rows HAVING count(*) > 0;
  RETURN NULL;
END $$;

-- At most 50 ids: 50 numbers of 19 digits are 1,000 bytes, far below NOTIFY's limit of 8,000.
CREATE OR REPLACE FUNCTION platform.tell_orders(ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT pg_notify('galley_orders', '{"ids":[' || array_to_string(ids[1:50], ',') || '],"count":'
                                    || cardinality(ids) || '}');
$$;
REVOKE ALL ON FUNCTION platform.tell_orders(bigint[]) FROM PUBLIC;

-- Every change of an order bumps its version, whoever makes it.
CREATE OR REPLACE FUNCTION platform.bump_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER bump BEFORE UPDATE ON platform.orders
  FOR EACH ROW EXECUTE FUNCTION platform.bump_order();
CREATE OR REPLACE TRIGGER note_inserted AFTER INSERT ON platform.orders
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION platform.note_orders_inserted();
CREATE OR REPLACE TRIGGER note_updated AFTER UPDATE ON platform.orders
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION platform.note_orders_updated();
CREATE OR REPLACE TRIGGER note_deleted AFTER DELETE ON platform.orders
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION platform.note_orders_deleted();

-- One statement, so that a reader sees the deltas either unfolded or folded and never both or neither.
CREATE OR REPLACE FUNCTION platform.fold_order_deltas() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
DECLARE folded bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('platform.fold_order_deltas')) THEN RETURN 0; END IF;
  WITH gone AS (DELETE FROM platform.order_deltas RETURNING *),
  totals AS (
    INSERT INTO platform.order_totals AS t (status, currency, orders, value_minor)
    SELECT status, currency, sum(orders), sum(value_minor) FROM gone GROUP BY 1, 2
    ON CONFLICT (status, currency) DO UPDATE
      SET orders = t.orders + excluded.orders, value_minor = t.value_minor + excluded.value_minor),
  days AS (
    INSERT INTO platform.order_days AS d (day, status, currency, orders, value_minor)
    SELECT day, status, currency, sum(orders), sum(value_minor) FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (day, status, currency) DO UPDATE
      SET orders = d.orders + excluded.orders, value_minor = d.value_minor + excluded.value_minor),
  minutes AS (
    INSERT INTO platform.order_minutes AS m (minute, status, entered)
    SELECT minute, status, sum(entered) FROM gone WHERE entered <> 0 GROUP BY 1, 2
    ON CONFLICT (minute, status) DO UPDATE SET entered = m.entered + excluded.entered)
  SELECT count(*) INTO folded FROM gone;
  DELETE FROM platform.order_minutes WHERE minute < now() - interval '48 hours';
  RETURN folded;
END $$;
REVOKE ALL ON FUNCTION platform.fold_order_deltas() FROM PUBLIC;

-- Counts everything anew; after a bulk load, which bypasses the triggers. Blocks writers meanwhile.
CREATE OR REPLACE PROCEDURE platform.rebuild_order_rollup() LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE platform.orders IN SHARE MODE;
  LOCK TABLE platform.order_totals, platform.order_days, platform.order_minutes IN ACCESS EXCLUSIVE MODE;
  DELETE FROM platform.order_deltas;
  DELETE FROM platform.order_days;
  DELETE FROM platform.order_totals;
  DELETE FROM platform.order_minutes;
  INSERT INTO platform.order_days (day, status, currency, orders, value_minor)
  SELECT (placed_at AT TIME ZONE 'UTC')::date, status, currency, count(*), sum(total_minor)
  FROM platform.orders GROUP BY 1, 2, 3;
  INSERT INTO platform.order_totals (status, currency, orders, value_minor)
  SELECT status, currency, sum(orders), sum(value_minor) FROM platform.order_days GROUP BY 1, 2;
  INSERT INTO platform.order_minutes (minute, status, entered)
  SELECT date_trunc('minute', at), to_status, count(*) FROM platform.order_events
  WHERE at > now() - interval '48 hours' AND from_status IS DISTINCT FROM to_status GROUP BY 1, 2;
END $$;
REVOKE ALL ON PROCEDURE platform.rebuild_order_rollup() FROM PUBLIC;

COMMIT;
