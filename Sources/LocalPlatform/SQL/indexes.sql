-- The indexes behind the pages that the contract promises. Included by schema.sql, and by history.sql
-- after a bulk load, which is faster without them.

CREATE INDEX IF NOT EXISTS orders_status ON platform.orders (status, id);
CREATE INDEX IF NOT EXISTS orders_kitchen ON platform.orders (kitchen_code, id);
CREATE INDEX IF NOT EXISTS orders_supplier ON platform.orders (supplier_code, id);
CREATE INDEX IF NOT EXISTS orders_kitchen_status ON platform.orders (kitchen_code, status, id);
CREATE INDEX IF NOT EXISTS orders_supplier_status ON platform.orders (supplier_code, status, id);
CREATE INDEX IF NOT EXISTS orders_kitchen_supplier ON platform.orders (kitchen_code, supplier_code, id);
CREATE INDEX IF NOT EXISTS orders_updated ON platform.orders (updated_at, id);
-- late orders, and everything that is due next
CREATE INDEX IF NOT EXISTS orders_due ON platform.orders (due_at, id) INCLUDE (currency, total_minor)
  WHERE is_open;
CREATE INDEX IF NOT EXISTS orders_open ON platform.orders (id) WHERE is_open;
-- "worth at least": a page by id over a range of values cannot come from one tree, but each of these
-- holds a few times fewer orders than the one before, so a page reads a few hundred rows at most
CREATE INDEX IF NOT EXISTS orders_worth_500 ON platform.orders (id) INCLUDE (total_minor)
  WHERE total_minor >= 50000;
CREATE INDEX IF NOT EXISTS orders_worth_1000 ON platform.orders (id) INCLUDE (total_minor)
  WHERE total_minor >= 100000;
CREATE INDEX IF NOT EXISTS orders_worth_2000 ON platform.orders (id) INCLUDE (total_minor)
  WHERE total_minor >= 200000;
CREATE INDEX IF NOT EXISTS orders_worth_4000 ON platform.orders (id) INCLUDE (total_minor)
  WHERE total_minor >= 400000;
-- the same together with a status, a kitchen or a supplier; few orders are worth that much
CREATE INDEX IF NOT EXISTS orders_worth_1000_status ON platform.orders (status, id) WHERE total_minor >= 100000;
CREATE INDEX IF NOT EXISTS orders_worth_1000_kitchen ON platform.orders (kitchen_code, id) WHERE total_minor >= 100000;
CREATE INDEX IF NOT EXISTS orders_worth_1000_supplier ON platform.orders (supplier_code, id) WHERE total_minor >= 100000;
CREATE INDEX IF NOT EXISTS orders_worth_4000_status ON platform.orders (status, id) WHERE total_minor >= 400000;
CREATE INDEX IF NOT EXISTS orders_worth_4000_kitchen ON platform.orders (kitchen_code, id) WHERE total_minor >= 400000;
CREATE INDEX IF NOT EXISTS orders_worth_4000_supplier ON platform.orders (supplier_code, id) WHERE total_minor >= 400000;
CREATE INDEX IF NOT EXISTS order_events_order ON platform.order_events (order_id, id);
CREATE INDEX IF NOT EXISTS webhook_deliveries_order ON platform.webhook_deliveries (order_id, id);
CREATE INDEX IF NOT EXISTS webhook_deliveries_pending ON platform.webhook_deliveries (id)
  WHERE status IN ('queued', 'failed');
CREATE INDEX IF NOT EXISTS idempotency_keys_at ON platform.idempotency_keys (at);
-- pages of the catalogue, and the cheapest supplier of an item
CREATE INDEX IF NOT EXISTS prices_item ON platform.prices (item_code, supplier_code);
