-- A year of orders, set by set:  psql -X -v ON_ERROR_STOP=1 -v orders=1000000 -d platform -f history.sql
-- Run after world.sql, best before the replicas are made and before traffic starts, because the ids of a
-- history must lie before those of today. Idempotent: it goes on where an interrupted run stopped, and
-- does nothing once a history exists, whatever its size.

\set QUIET on
\if :{?orders}
\else
  \set orders 1000000
\endif
SET client_min_messages = warning;

INSERT INTO platform.history (target, until)
SELECT :orders, now()
WHERE :orders > 0 AND NOT EXISTS (SELECT FROM platform.orders)
ON CONFLICT (only_row) DO NOTHING;

SELECT coalesce((SELECT finished_at IS NULL FROM platform.history), false) AS unfinished,
       coalesce((SELECT done_hours = 0 FROM platform.history), false) AS untouched \gset
\if :unfinished

-- No triggers, no notifications, no foreign key checks, no wait for replicas: this is a bulk load.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '128MB';
SET maintenance_work_mem = '256MB';
SET jit = off;

\if :untouched
SELECT format('DROP INDEX platform.%I', indexname) FROM pg_indexes
WHERE schemaname = 'platform' AND tablename IN ('orders', 'order_events') AND indexname NOT LIKE '%pkey' \gexec
\endif

-- The rhythm: kitchens order in the morning and before the evening's cut-offs, little on Sundays, and a
-- little more every month. Each hour of the year gets its share of the target.
CREATE TEMP TABLE hours AS
SELECT nr, from_time,
       (round(target * sum(share) OVER (ORDER BY nr)) - round(target * (sum(share) OVER (ORDER BY nr) - share)))::int AS orders
FROM (SELECT nr, target, from_time, weight / sum(weight) OVER () AS share
      FROM (SELECT nr, target, until - interval '365 days' + nr * interval '1 hour' AS from_time,
                   (ARRAY[0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 1.1, 1.7, 1.9, 1.7, 1.4, 1.1, 0.9, 1.0, 1.3, 1.6, 1.7,
                          1.5, 1.2, 1.0, 0.9, 0.8, 0.6, 0.3])[1 + extract(hour FROM at)::int]
                   * (ARRAY[0.35, 1.15, 1.1, 1.05, 1.2, 1.3, 0.75])[1 + extract(dow FROM at)::int]
                   * (0.8 + 0.4 * nr / 8760) AS weight
            FROM platform.history, generate_series(0, 8759) AS nr,
                 LATERAL (SELECT (until - interval '365 days' + nr * interval '1 hour') AT TIME ZONE 'UTC' AS at) AS clock) AS weighted) AS shares;

-- Who orders: a kitchen as often as its weight says, from a supplier of its currency.
CREATE TEMP TABLE buyers AS
SELECT row_number() OVER () - 1 AS nr, k.code AS kitchen, k.currency, lower(k.code) || '.chef' AS placed_by,
       array_agg(s.code ORDER BY s.code) AS suppliers
FROM platform.kitchens AS k
CROSS JOIN LATERAL generate_series(1, (k.weight * 10)::int) AS often
JOIN platform.suppliers AS s USING (currency)
GROUP BY k.code, k.currency, often;
CREATE UNIQUE INDEX ON buyers (nr);
CREATE TEMP TABLE goods AS
SELECT supplier_code, item_code, price_minor,
       (row_number() OVER (PARTITION BY supplier_code ORDER BY item_code) - 1)::int AS nr,
       (count(*) OVER (PARTITION BY supplier_code))::int AS choice
FROM platform.prices;
CREATE UNIQUE INDEX ON goods (supplier_code, nr);
CREATE TEMP TABLE sizes AS
SELECT s.code AS supplier_code, s.lead_time_hours, count(*)::int AS choice
FROM platform.suppliers AS s JOIN platform.prices AS p ON p.supplier_code = s.code GROUP BY 1, 2;
ANALYZE hours, buyers, goods, sizes;

CREATE OR REPLACE PROCEDURE pg_temp.fill() LANGUAGE plpgsql AS $$
DECLARE
  goal bigint; to_hour int; from_hour int; filled bigint := 0; added bigint;
  many_buyers int := (SELECT count(*) FROM buyers);
BEGIN
  SELECT target, done_hours INTO goal, from_hour FROM platform.history;
  PERFORM setseed(0.25);
  SELECT coalesce(sum(orders), 0) INTO filled FROM hours WHERE nr < from_hour;
  WHILE from_hour < 8760 LOOP
    -- about 50,000 orders at a time: progress can be seen, and an interruption loses little
    SELECT coalesce(min(nr) + 1, 8760) INTO to_hour
    FROM (SELECT nr, sum(orders) OVER (ORDER BY nr) AS so_far FROM hours WHERE nr >= from_hour) AS ahead
    WHERE so_far >= 50000;

    CREATE TEMP TABLE placed ON COMMIT DROP AS
    SELECT nextval('platform.orders_id_seq') AS id, *
    FROM (SELECT b.kitchen, b.currency, b.placed_by, b.suppliers[1 + floor(c.r2 * cardinality(b.suppliers))::int] AS supplier,
                 c.at, c.r3, c.r4, c.r5, 1 + floor(c.r6 * c.r6 * 7)::int AS lines
          FROM (SELECT h.from_time + random() * interval '1 hour' AS at, floor(random() * many_buyers)::int AS buyer,
                       random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6
                FROM hours AS h, generate_series(1, h.orders) AS each
                WHERE h.nr >= from_hour AND h.nr < to_hour ORDER BY at) AS c
          JOIN buyers AS b ON b.nr = c.buyer ORDER BY c.at) AS ordered;

    CREATE TEMP TABLE placed_lines ON COMMIT DROP AS
    SELECT o.id, l.line, g.item_code, 1 + floor(4 * random() * random())::int + (random() > 0.985)::int * floor(random() * 30)::int AS quantity,
           g.price_minor
    FROM placed AS o JOIN sizes AS s ON s.supplier_code = o.supplier
    CROSS JOIN LATERAL generate_series(1, o.lines) AS l(line)
    JOIN goods AS g ON g.supplier_code = o.supplier
                   AND g.nr = (floor(o.r3 * s.choice)::int + (l.line - 1) * 7) % s.choice;

    -- Everything due is over; what was placed in the last minutes is still on its way.
    CREATE TEMP TABLE placed_orders ON COMMIT DROP AS
    SELECT o.*, t.total, t.lines AS line_count,
           o.at + s.lead_time_hours * interval '1 minute' AS due_at,
           CASE WHEN o.r4 < 0.025 THEN 'cancelled' WHEN o.r4 < 0.045 THEN 'rejected'
                WHEN o.at > now() - interval '30 seconds' THEN 'submitted'
                WHEN o.at > now() - interval '60 seconds' THEN 'approved'
                WHEN o.at > now() - interval '2 minutes' THEN 'sent'
                WHEN o.at > now() - interval '5 minutes' THEN 'confirmed'
                ELSE 'received' END AS status,
           least(now(), o.at + (interval '3 minutes' + o.r5 * interval '4 minutes')) AS ended_at,
           CASE WHEN o.r5 > 0.97 THEN (ARRAY['Please ring the bell at the back gate', 'Deliver before 07:00',
             'Bitte an der Rampe 2 abladen', 'No substitutes, please', 'Cold chain log needed',
             'Extra for the wedding on Saturday', 'Livrer côté cour'])[1 + floor(o.r4 * 7)::int] ELSE '' END AS note
    FROM placed AS o
    JOIN sizes AS s ON s.supplier_code = o.supplier
    JOIN (SELECT id, sum(price_minor * quantity) AS total, count(*) AS lines FROM placed_lines GROUP BY id) AS t USING (id);

    INSERT INTO platform.orders (id, kitchen_code, supplier_code, status, currency, total_minor, line_count, version,
                                 placed_at, due_at, updated_at, placed_by, note)
    OVERRIDING SYSTEM VALUE
    SELECT id, kitchen, supplier, status, currency, total, line_count,
           CASE status WHEN 'received' THEN 5 WHEN 'submitted' THEN 1 WHEN 'confirmed' THEN 4 WHEN 'sent' THEN 3 ELSE 2 END,
           at, due_at, CASE status WHEN 'submitted' THEN at ELSE ended_at END, placed_by, note
    FROM placed_orders ORDER BY id;
    GET DIAGNOSTICS added = ROW_COUNT;

    INSERT INTO platform.order_lines (order_id, line, item_code, quantity, received_quantity, price_minor)
    SELECT l.id, l.line, l.item_code, l.quantity, CASE o.status WHEN 'received' THEN l.quantity ELSE 0 END, l.price_minor
    FROM placed_lines AS l JOIN placed_orders AS o USING (id) ORDER BY 1, 2;

    -- The whole life of the last two weeks' orders, beginning and end of the older ones.
    INSERT INTO platform.order_events (order_id, at, move, from_status, to_status, version, actor, actor_role)
    SELECT o.id, o.at + e.part * (o.ended_at - o.at), e.move, e.from_status, e.to_status, e.version,
           CASE e.move WHEN 'submit' THEN o.placed_by ELSE 'worker' END,
           CASE e.move WHEN 'submit' THEN 'kitchen' ELSE 'service' END
    FROM placed_orders AS o
    JOIN (VALUES ('*', 'submit', NULL, 'submitted', 1, 0.0, true), ('received', 'approve', 'submitted', 'approved', 2, 0.02, false),
                 ('received', 'send', 'approved', 'sent', 3, 0.05, false), ('received', 'confirm', 'sent', 'confirmed', 4, 0.3, false),
                 ('received', 'receive', 'confirmed', 'received', 5, 1.0, true), ('cancelled', 'cancel', 'submitted', 'cancelled', 2, 1.0, true),
                 ('rejected', 'reject', 'submitted', 'rejected', 2, 1.0, true), ('approved', 'approve', 'submitted', 'approved', 2, 1.0, true),
                 ('sent', 'approve', 'submitted', 'approved', 2, 0.3, true), ('sent', 'send', 'approved', 'sent', 3, 1.0, true),
                 ('confirmed', 'approve', 'submitted', 'approved', 2, 0.1, true), ('confirmed', 'send', 'approved', 'sent', 3, 0.2, true),
                 ('confirmed', 'confirm', 'sent', 'confirmed', 4, 1.0, true))
         AS e(status, move, from_status, to_status, version, part, always)
      ON e.status IN ('*', o.status) AND (e.always OR o.at > now() - interval '14 days')
    ORDER BY o.id, e.version;

    UPDATE platform.history SET done_hours = to_hour;
    COMMIT;
    from_hour := to_hour;
    filled := filled + added;
    RAISE NOTICE 'history: % of % orders', filled, goal;
  END LOOP;
END $$;

SET client_min_messages = notice;
CALL pg_temp.fill();

SET client_min_messages = warning;
\echo history: building indexes
\ir indexes.sql
\echo history: counting
CALL platform.rebuild_order_rollup();
RESET session_replication_role;
RESET synchronous_commit;
UPDATE platform.history SET finished_at = now();
VACUUM (ANALYZE) platform.orders, platform.order_lines, platform.order_events;
\else
\echo history: nothing to do
\endif
