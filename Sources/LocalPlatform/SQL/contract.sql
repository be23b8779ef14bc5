-- The contract: what Galley may read (schema galley). Views over the platform's tables, so that the
-- platform can change beneath them, and the two small tables that the guard writes. CONTRACT.md
-- explains every column. Idempotent; run after schema.sql on the database "platform".

\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE SCHEMA IF NOT EXISTS galley;

-- Views are dropped and made anew: CREATE OR REPLACE could not remove or rename a column.
DROP VIEW IF EXISTS galley.orders, galley.order_lines, galley.order_events, galley.kitchens,
  galley.suppliers, galley.items, galley.prices, galley.order_statuses, galley.order_moves,
  galley.order_counts, galley.order_days, galley.order_minutes, galley.order_rates, galley.orders_late,
  galley.webhook_deliveries, galley.policies, galley.contract;

CREATE VIEW galley.contract AS SELECT 1 AS version;

CREATE VIEW galley.kitchens AS
  SELECT code, name, city, country, region, currency::text, time_zone, hold_above_minor
  FROM platform.kitchens;

CREATE VIEW galley.suppliers AS
  SELECT code, name, country, currency::text, lead_time_hours, cut_off, time_zone, minimum_order_minor,
         email, categories
  FROM platform.suppliers;

CREATE VIEW galley.items AS
  SELECT code, name, category, unit, pack_size, allergens FROM platform.items;

CREATE VIEW galley.prices AS
  SELECT supplier_code, item_code, supplier_sku, currency::text, price_minor, in_stock, updated_at
  FROM platform.prices;

CREATE VIEW galley.order_statuses AS SELECT status, place, is_open FROM platform.order_statuses;

CREATE VIEW galley.order_moves AS SELECT move, from_status, to_status, roles FROM platform.order_moves;

-- LEFT JOINs to primary keys: the planner drops the ones whose columns a query does not ask for, and
-- always drives the join from the orders, in their order.
CREATE VIEW galley.orders AS
  SELECT o.id, o.kitchen_code, k.name AS kitchen, k.region, o.supplier_code, s.name AS supplier, o.status,
         o.currency::text, o.total_minor, o.line_count, o.placed_at, o.due_at, o.updated_at, o.version,
         o.placed_by, o.note, o.is_open,
         CASE o.status WHEN 'submitted' THEN 'orders' WHEN 'held' THEN 'orders' WHEN 'approved' THEN 'orders'
              WHEN 'sent' THEN 'suppliers' WHEN 'confirmed' THEN 'suppliers'
              WHEN 'partly_received' THEN 'suppliers' END AS queue_name,
         'order-' || o.id || CASE o.status WHEN 'submitted' THEN '-validate' WHEN 'held' THEN '-release'
              WHEN 'approved' THEN '-send' WHEN 'sent' THEN '-confirm' WHEN 'confirmed' THEN '-deliver'
              WHEN 'partly_received' THEN '-deliver-rest' END AS queue_job_id,
         concat_ws(' ', k.search, s.search, lower(o.placed_by), lower(o.note)) AS search
  FROM platform.orders AS o
  LEFT JOIN platform.kitchens AS k ON k.code = o.kitchen_code
  LEFT JOIN platform.suppliers AS s ON s.code = o.supplier_code;

CREATE VIEW galley.order_lines AS
  SELECT l.order_id, l.line, l.item_code, i.name AS item, i.category, i.unit, i.pack_size, i.allergens,
         l.quantity, l.received_quantity, l.damaged_quantity, l.short_quantity, l.cut_quantity, l.price_minor,
         l.total_minor
  FROM platform.order_lines AS l LEFT JOIN platform.items AS i ON i.code = l.item_code;

CREATE VIEW galley.order_events AS
  SELECT id, order_id, at, move, from_status, to_status, version, actor, actor_role, detail, fields, request_id
  FROM platform.order_events;

CREATE VIEW galley.policies AS
  SELECT code, kind, kitchen_code, title, limit_minor, hours, allergens, enabled FROM platform.policies;

CREATE VIEW galley.order_counts AS
  SELECT status, currency::text, sum(orders)::bigint AS orders, sum(value_minor)::bigint AS value_minor
  FROM (SELECT status, currency, orders, value_minor FROM platform.order_totals
        UNION ALL
        SELECT status, currency, orders, value_minor FROM platform.order_deltas) AS parts
  GROUP BY status, currency HAVING sum(orders) <> 0;

CREATE VIEW galley.order_days AS
  SELECT day, status, currency::text, sum(orders)::bigint AS orders, sum(value_minor)::bigint AS value_minor
  FROM (SELECT day, status, currency, orders, value_minor FROM platform.order_days
        UNION ALL
        SELECT day, status, currency, orders, value_minor FROM platform.order_deltas) AS parts
  GROUP BY day, status, currency HAVING sum(orders) <> 0;

CREATE VIEW galley.order_minutes AS
  SELECT minute, status, sum(entered)::bigint AS orders
  FROM (SELECT minute, status, entered FROM platform.order_minutes
        UNION ALL
        SELECT minute, status, entered FROM platform.order_deltas WHERE entered <> 0) AS parts
  GROUP BY minute, status;

CREATE VIEW galley.order_rates AS
  SELECT m.*, coalesce(d.placed_today, 0) AS placed_today
  FROM (SELECT coalesce(sum(orders) FILTER (WHERE status = 'submitted' AND minute >= t - interval '1 min' AND minute < t), 0)::bigint AS placed_1m,
               coalesce(sum(orders) FILTER (WHERE status = 'submitted' AND minute >= t - interval '5 min' AND minute < t), 0)::bigint AS placed_5m,
               coalesce(sum(orders) FILTER (WHERE status = 'submitted' AND minute < t), 0)::bigint AS placed_60m,
               coalesce(sum(orders) FILTER (WHERE status = 'received' AND minute >= t - interval '1 min' AND minute < t), 0)::bigint AS received_1m,
               coalesce(sum(orders) FILTER (WHERE status = 'received' AND minute >= t - interval '5 min' AND minute < t), 0)::bigint AS received_5m,
               coalesce(sum(orders) FILTER (WHERE status = 'received' AND minute < t), 0)::bigint AS received_60m,
               coalesce(sum(orders) FILTER (WHERE status IN ('rejected', 'cancelled') AND minute < t), 0)::bigint AS lost_60m,
               coalesce(sum(orders) FILTER (WHERE status = 'held' AND minute < t), 0)::bigint AS held_60m
        FROM galley.order_minutes, (SELECT date_trunc('minute', now()) AS t) AS clock
        WHERE minute >= date_trunc('minute', now()) - interval '60 min') AS m,
       (SELECT sum(orders)::bigint AS placed_today FROM galley.order_days
        WHERE day = (now() AT TIME ZONE 'UTC')::date AND status <> 'draft') AS d;

-- Counted no further than 10,000, so that even a platform that stood still for a week answers at once.
CREATE VIEW galley.orders_late AS
  SELECT count(*) AS orders, count(*) >= 10000 AS capped, min(due_at) AS oldest_due_at
  FROM (SELECT due_at FROM platform.orders WHERE is_open AND due_at < now() ORDER BY due_at LIMIT 10000) AS late;

CREATE VIEW galley.webhook_deliveries AS
  SELECT id, partner, delivery_key, kind, order_id, status, attempts, received_at, applied_at, error
  FROM platform.webhook_deliveries;

-- Written by the guard only. An epoch names one promotion; equal timelines do not prove equal histories.
CREATE TABLE IF NOT EXISTS galley.ops_epoch (
  tli integer NOT NULL,
  epoch uuid PRIMARY KEY,
  node text NOT NULL,
  guard text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS ops_epoch_tli ON galley.ops_epoch (tli DESC);
CREATE TABLE IF NOT EXISTS galley.ops_canary (
  g text PRIMARY KEY,
  at timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO galley.ops_epoch (tli, epoch, node, guard, reason)
SELECT timeline_id, gen_random_uuid(), current_setting('cluster_name'), 'none', 'database made'
FROM pg_control_checkpoint() WHERE NOT EXISTS (SELECT FROM galley.ops_epoch);

REVOKE ALL ON SCHEMA galley FROM PUBLIC;
GRANT USAGE ON SCHEMA galley TO galley_views, galley_guard;
GRANT SELECT ON ALL TABLES IN SCHEMA galley TO galley_views;
GRANT USAGE ON SCHEMA galley TO platform_admin;
GRANT SELECT ON galley.orders, galley.order_counts TO platform_admin;
GRANT SELECT, INSERT, UPDATE ON galley.ops_epoch, galley.ops_canary TO galley_guard;

COMMIT;
