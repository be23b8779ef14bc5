-- The platform's own tables (schema platform), on the database "platform", as its superuser.
-- Idempotent: a second run repairs what is missing and never touches data. Run roles.sql first.

\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE SCHEMA IF NOT EXISTS platform;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;

CREATE TABLE IF NOT EXISTS platform.kitchens (
  code text PRIMARY KEY,
  name text NOT NULL,
  city text NOT NULL,
  country text NOT NULL,
  region text NOT NULL,
  currency char(3) NOT NULL,
  time_zone text NOT NULL,
  -- an order above this is held for a person
  hold_above_minor bigint NOT NULL,
  weight real NOT NULL DEFAULT 1,
  search text GENERATED ALWAYS AS (lower(code || ' ' || name)) STORED
);

CREATE TABLE IF NOT EXISTS platform.suppliers (
  code text PRIMARY KEY,
  name text NOT NULL,
  country text NOT NULL,
  currency char(3) NOT NULL,
  lead_time_hours integer NOT NULL CHECK (lead_time_hours > 0),
  cut_off time NOT NULL,
  time_zone text NOT NULL,
  minimum_order_minor bigint NOT NULL CHECK (minimum_order_minor >= 0),
  email text NOT NULL,
  categories text[] NOT NULL,
  search text GENERATED ALWAYS AS (lower(code || ' ' || name)) STORED
);

CREATE TABLE IF NOT EXISTS platform.items (
  code text PRIMARY KEY,
  name text NOT NULL,
  category text NOT NULL,
  unit text NOT NULL,
  pack_size text NOT NULL,
  allergens text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE IF NOT EXISTS platform.prices (
  supplier_code text NOT NULL REFERENCES platform.suppliers,
  item_code text NOT NULL REFERENCES platform.items,
  supplier_sku text NOT NULL,
  currency char(3) NOT NULL,
  -- for one pack
  price_minor bigint NOT NULL CHECK (price_minor > 0),
  in_stock boolean NOT NULL DEFAULT true,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (supplier_code, item_code)
);

CREATE TABLE IF NOT EXISTS platform.order_statuses (
  status text PRIMARY KEY,
  place smallint NOT NULL UNIQUE,
  is_open boolean NOT NULL
);

-- Which move leads from where to where, and who may make it. The only such list there is.
CREATE TABLE IF NOT EXISTS platform.order_moves (
  move text NOT NULL,
  from_status text NOT NULL REFERENCES platform.order_statuses,
  to_status text NOT NULL REFERENCES platform.order_statuses,
  roles text[] NOT NULL,
  PRIMARY KEY (move, from_status, to_status)
);

-- Codes, not numbers, point to kitchens and suppliers: a page filtered by a code then needs one index
-- and no join to find its rows in order.
CREATE TABLE IF NOT EXISTS platform.orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kitchen_code text NOT NULL REFERENCES platform.kitchens,
  supplier_code text NOT NULL REFERENCES platform.suppliers,
  status text NOT NULL REFERENCES platform.order_statuses,
  is_open boolean NOT NULL GENERATED ALWAYS AS (status IN
    ('submitted', 'held', 'approved', 'sent', 'confirmed', 'partly_received')) STORED,
  currency char(3) NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  line_count integer NOT NULL CHECK (line_count >= 0),
  version integer NOT NULL DEFAULT 1,
  placed_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  placed_by text NOT NULL,
  note text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS platform.order_lines (
  order_id bigint NOT NULL REFERENCES platform.orders ON DELETE CASCADE,
  line smallint NOT NULL,
  item_code text NOT NULL REFERENCES platform.items,
  quantity integer NOT NULL CHECK (quantity > 0),
  received_quantity integer NOT NULL DEFAULT 0 CHECK (received_quantity >= 0),
  damaged_quantity integer NOT NULL DEFAULT 0 CHECK (damaged_quantity >= 0),
  price_minor bigint NOT NULL,
  total_minor bigint NOT NULL GENERATED ALWAYS AS (price_minor * quantity) STORED,
  PRIMARY KEY (order_id, line)
);
-- Packs that will not come any more, as the kitchen counted; and packs that the supplier took off the order,
-- which lowers the quantity: ordered were quantity + cut_quantity.
ALTER TABLE platform.order_lines ADD COLUMN IF NOT EXISTS short_quantity integer NOT NULL DEFAULT 0
  CHECK (short_quantity >= 0);
ALTER TABLE platform.order_lines ADD COLUMN IF NOT EXISTS cut_quantity integer NOT NULL DEFAULT 0
  CHECK (cut_quantity >= 0);

CREATE TABLE IF NOT EXISTS platform.order_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES platform.orders ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  move text NOT NULL,
  from_status text,
  to_status text NOT NULL,
  version integer NOT NULL,
  actor text NOT NULL,
  actor_role text NOT NULL,
  detail text NOT NULL DEFAULT ''
);
-- What changed, by the API's names; and the client's own name for the request, by which a repetition of one
-- that was carried out is known.
ALTER TABLE platform.order_events ADD COLUMN IF NOT EXISTS fields text[] NOT NULL DEFAULT '{}';
ALTER TABLE platform.order_events ADD COLUMN IF NOT EXISTS request_id text NOT NULL DEFAULT '';

-- What a kitchen keeps at hand.
CREATE TABLE IF NOT EXISTS platform.favourites (
  kitchen_code text NOT NULL REFERENCES platform.kitchens,
  item_code text NOT NULL REFERENCES platform.items,
  supplier_code text NOT NULL REFERENCES platform.suppliers,
  pinned_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kitchen_code, item_code, supplier_code)
);

CREATE TABLE IF NOT EXISTS platform.webhook_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partner text NOT NULL,
  delivery_key text NOT NULL UNIQUE,
  kind text NOT NULL,
  order_id bigint,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'applied', 'ignored', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at timestamptz,
  error text NOT NULL DEFAULT '',
  body jsonb NOT NULL
);

-- Committed in the same transaction as the order it stands for: that is what makes "never twice" true.
CREATE TABLE IF NOT EXISTS platform.idempotency_keys (
  key text PRIMARY KEY,
  request_hash text NOT NULL,
  order_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS platform.history (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  target bigint NOT NULL,
  until timestamptz NOT NULL,
  done_hours integer NOT NULL DEFAULT 0,
  finished_at timestamptz
);

INSERT INTO platform.order_statuses (status, place, is_open) VALUES
  ('draft', 0, false), ('submitted', 1, true), ('held', 2, true), ('approved', 3, true),
  ('sent', 4, true), ('confirmed', 5, true), ('partly_received', 6, true), ('received', 7, false),
  ('rejected', 8, false), ('cancelled', 9, false)
ON CONFLICT (status) DO UPDATE SET place = excluded.place, is_open = excluded.is_open;

INSERT INTO platform.order_moves (move, from_status, to_status, roles) VALUES
  ('submit', 'draft', 'submitted', '{kitchen,operator,lead,service}'),
  ('approve', 'submitted', 'approved', '{operator,lead,service}'),
  ('hold', 'submitted', 'held', '{operator,lead,service}'),
  ('hold', 'approved', 'held', '{operator,lead,service}'),
  ('release', 'held', 'approved', '{operator,lead,service}'),
  ('send', 'approved', 'sent', '{operator,lead,service}'),
  ('resend', 'sent', 'sent', '{operator,lead,service}'),
  ('confirm', 'sent', 'confirmed', '{operator,lead,service}'),
  ('reject', 'submitted', 'rejected', '{operator,lead,service}'),
  ('reject', 'held', 'rejected', '{operator,lead,service}'),
  ('reject', 'sent', 'rejected', '{operator,lead,service}'),
  ('receive', 'confirmed', 'partly_received', '{kitchen,operator,lead,service}'),
  ('receive', 'confirmed', 'received', '{kitchen,operator,lead,service}'),
  ('receive', 'partly_received', 'partly_received', '{kitchen,operator,lead,service}'),
  ('receive', 'partly_received', 'received', '{kitchen,operator,lead,service}'),
  ('cancel', 'draft', 'cancelled', '{kitchen,operator,lead,service}'),
  ('cancel', 'submitted', 'cancelled', '{kitchen,operator,lead,service}'),
  ('cancel', 'held', 'cancelled', '{kitchen,operator,lead,service}'),
  ('cancel', 'approved', 'cancelled', '{kitchen,operator,lead,service}'),
  ('cancel', 'sent', 'cancelled', '{operator,lead,service}'),
  ('cancel', 'confirmed', 'cancelled', '{operator,lead,service}'),
  -- what a supplier says of an order that it has
  ('delay', 'sent', 'sent', '{service}'),
  ('delay', 'confirmed', 'confirmed', '{service}'),
  ('delay', 'partly_received', 'partly_received', '{service}'),
  ('cut', 'sent', 'sent', '{service}'),
  ('cut', 'confirmed', 'confirmed', '{service}')
ON CONFLICT (move, from_status, to_status) DO UPDATE SET roles = excluded.roles;
INSERT INTO platform.order_moves (move, from_status, to_status, roles)
SELECT 'note', status, status, '{kitchen,operator,lead,service}' FROM platform.order_statuses
ON CONFLICT (move, from_status, to_status) DO UPDATE SET roles = excluded.roles;

COMMIT;

\ir policies.sql
\ir catalogue.sql
\ir rollup.sql
\ir indexes.sql

BEGIN;
-- Least privilege for the services. The rollup is written by SECURITY DEFINER functions, so no service
-- can change a count by hand.
GRANT USAGE ON SCHEMA platform TO platform_api, platform_worker, platform_webhook, platform_admin;
GRANT SELECT ON platform.kitchens, platform.suppliers, platform.items, platform.prices,
  platform.order_statuses, platform.order_moves, platform.orders, platform.order_lines,
  platform.order_events, platform.policies TO platform_worker, platform_admin;
GRANT UPDATE (status, note, due_at, total_minor) ON platform.orders TO platform_worker;
GRANT UPDATE (quantity, cut_quantity, received_quantity, damaged_quantity, short_quantity) ON platform.order_lines
  TO platform_worker;
GRANT INSERT ON platform.order_events TO platform_worker;
GRANT SELECT, INSERT ON platform.webhook_deliveries TO platform_webhook;
GRANT SELECT ON platform.webhook_deliveries TO platform_worker, platform_admin;
GRANT UPDATE (status, attempts, applied_at, error) ON platform.webhook_deliveries TO platform_worker;
COMMIT;

\ir access.sql
