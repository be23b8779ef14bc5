-- Fills the tables of LangGraph 1.2 in the schema `agents` with runs of eight checkpoints each, one run after the
-- other, the last of them just now: what a store looks like after long use. Of a thousand runs one waits for a person.
--   psql -v runs=125000 -f fill.sql      (a million checkpoints)
-- Load langgraph-1.2.sql first; its rows are removed.

\set ON_ERROR_STOP on
TRUNCATE agents.checkpoints, agents.checkpoint_writes, agents.checkpoint_blobs;

-- The id of checkpoint `step` of run `run`: 100 ns since 1582 in a UUID of version 6, the step in its fourth group.
CREATE OR REPLACE FUNCTION pg_temp.id(at timestamptz, step int, run bigint) RETURNS text LANGUAGE sql AS $$
  SELECT substr(h, 2, 8) || '-' || substr(h, 10, 4) || '-6' || substr(h, 14, 3) || '-'
         || CASE WHEN step < 0 THEN 'bfff' ELSE to_hex(32768 + step) END || '-' || lpad(to_hex(run), 12, '0')
    FROM (SELECT lpad(to_hex((extract(epoch FROM at) * 10000000)::bigint + 122192928000000000), 16, '0') AS h) AS t $$;

CREATE TEMP TABLE steps AS
SELECT run, step, 'order-' || lpad((run * 7919 % :runs)::text, 7, '0') || '-matcher' AS thread,
       pg_temp.id(now() - (:runs - run) * interval '3 s' + step * interval '90 ms', step, run) AS id
  FROM generate_series(1, :runs) AS run, generate_series(-1, 6) AS step ORDER BY run, step;

INSERT INTO agents.checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
SELECT thread, '', id, lag(id) OVER (PARTITION BY run ORDER BY step), NULL,
       jsonb_build_object('v', 4, 'id', id, 'ts', now(), 'versions_seen', jsonb_build_object(
           '__input__', '{}'::jsonb, '__start__', jsonb_build_object('__start__', repeat('0', 30) || '1.0.97'),
           'read_order', jsonb_build_object('branch:to:read_order', repeat('0', 30) || '2.0.59'),
           'decide', jsonb_build_object('branch:to:decide', repeat('0', 30) || '4.0.21')),
         'channel_values', CASE WHEN step = 6 THEN jsonb_build_object('order_id', run)
           ELSE jsonb_build_object('order_id', run, 'branch:to:decide', NULL) END,
         'channel_versions', jsonb_build_object('order', repeat('0', 30) || '3.0.03', 'messages',
           repeat('0', 30) || '6.0.50', 'order_id', repeat('0', 30) || '2.0.59'),
         'updated_channels', jsonb_build_array('messages', 'branch:to:decide')),
       jsonb_build_object('step', step, 'source', CASE step WHEN -1 THEN 'input' ELSE 'loop' END, 'parents', '{}'::jsonb,
         'graph', 'matcher', 'order_id', run, 'queue', 'agents', 'job_id', 'order-' || run || '-agent-matcher',
         'run_id', md5(run::text))
  FROM steps ORDER BY run, step;

INSERT INTO agents.checkpoint_writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob, task_path)
SELECT thread, '', id, md5(run || '-' || step)::uuid::text, idx, (ARRAY['messages', 'found', 'branch:to:decide'])[idx + 1],
       CASE idx WHEN 2 THEN 'null' ELSE 'msgpack' END,
       CASE idx WHEN 2 THEN ''::bytea WHEN 1 THEN '\x91a561626364'::bytea ELSE decode(repeat('a3616263', 75), 'hex') END,
       '~__pregel_pull, ' || CASE step WHEN -1 THEN '__start__' WHEN 0 THEN 'read_order' ELSE 'decide' END
  FROM steps, generate_series(0, 2) AS idx WHERE step < 6 AND NOT (step = 5 AND idx = 2) ORDER BY run, step, idx;

INSERT INTO agents.checkpoint_writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob, task_path)
SELECT thread, '', id, md5(run || '-' || step)::uuid::text, -3, '__interrupt__', 'msgpack',
       '\x91c7b002'::bytea, '~__pregel_pull, ask_person'
  FROM steps WHERE step = 6 AND run % 1000 = 0;
ANALYZE agents.checkpoints;
ANALYZE agents.checkpoint_writes;
