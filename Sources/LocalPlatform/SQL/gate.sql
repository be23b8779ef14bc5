-- The server's side of the consoles' gate: audit, freezes, approvals. Run after contract.sql on the database
-- "platform", as its superuser. Idempotent. CONTRACT.md explains it.
--
-- Nobody but galley_ledger, who cannot log in, may touch the tables; consoles call its functions and read its views.
-- No function changes or removes an audit entry, and a trigger refuses it to the owner too. Entries are kept for
-- good: three years of them are what the law asks, and nothing here deletes any.

\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE SCHEMA IF NOT EXISTS galley_ledger AUTHORIZATION galley_ledger;
REVOKE ALL ON SCHEMA galley_ledger FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA galley TO galley_ledger;

DROP VIEW IF EXISTS galley.audit, galley.freezes, galley.approvals;

CREATE TABLE IF NOT EXISTS galley_ledger.audit (
  sequence bigint PRIMARY KEY,
  -- the entry's own identity: the same entry sent twice is one
  id text NOT NULL UNIQUE CHECK (length(id) BETWEEN 8 AND 100),
  at timestamptz NOT NULL,
  login text NOT NULL,
  previous text NOT NULL,
  stamp text NOT NULL,
  entry text NOT NULL CHECK (length(entry) <= 1000000),
  hash text NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS galley_ledger.freezes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  owner text NOT NULL,
  login text NOT NULL,
  reason text NOT NULL CHECK (reason ~ '\S'),
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  until timestamptz NOT NULL,
  lifted_at timestamptz,
  lifted_by text
);

CREATE TABLE IF NOT EXISTS galley_ledger.approvals (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 8 AND 100),
  digest text NOT NULL,
  plan text NOT NULL CHECK (length(plan) <= 1000000),
  asker text NOT NULL,
  asker_login text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  granted boolean,
  answered_by text,
  answered_login text,
  answered_at timestamptz,
  used_at timestamptz
);
CREATE INDEX IF NOT EXISTS approvals_open ON galley_ledger.approvals (expires_at) WHERE granted IS NULL;

ALTER TABLE galley_ledger.audit OWNER TO galley_ledger;
ALTER TABLE galley_ledger.freezes OWNER TO galley_ledger;
ALTER TABLE galley_ledger.approvals OWNER TO galley_ledger;

CREATE OR REPLACE FUNCTION galley_ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER IF EXISTS append_only ON galley_ledger.audit;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON galley_ledger.audit
  FOR EACH STATEMENT EXECUTE FUNCTION galley_ledger.refuse_change();

-- Who somebody is: a login of their own counts for more than what their console says. Logins that several people
-- share, which all begin with galley_, prove a role and no person.
CREATE OR REPLACE FUNCTION galley_ledger.person(claimed text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN session_user::text LIKE 'galley\_%' THEN claimed ELSE session_user::text END
$$;

-- Adds a link to the chain: SHA-256 over previous, sequence, stamp and entry, a line each.
CREATE OR REPLACE FUNCTION galley.audit_append(p_id text, p_entry text)
RETURNS TABLE (sequence bigint, previous text, stamp text, entry text, hash text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last galley_ledger.audit;
  made galley_ledger.audit;
BEGIN
  -- One at a time, so that each link follows the newest one that is committed.
  LOCK TABLE galley_ledger.audit IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO made FROM galley_ledger.audit AS a WHERE a.id = p_id;
  IF NOT FOUND THEN
    SELECT * INTO last FROM galley_ledger.audit AS a ORDER BY a.sequence DESC LIMIT 1;
    made.id := p_id;
    made.sequence := coalesce(last.sequence, 0) + 1;
    made.previous := coalesce(last.hash, repeat('0', 64));
    made.at := clock_timestamp();
    made.login := session_user;
    made.stamp := session_user || ' ' || to_char(made.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    made.entry := p_entry;
    made.hash := encode(sha256(convert_to(
      made.previous || E'\n' || made.sequence || E'\n' || made.stamp || E'\n' || made.entry, 'UTF8')), 'hex');
    INSERT INTO galley_ledger.audit SELECT made.*;
  ELSIF made.entry <> p_entry THEN
    RAISE EXCEPTION 'another entry has this identity' USING ERRCODE = 'GA001';
  END IF;
  RETURN QUERY SELECT made.sequence, made.previous, made.stamp, made.entry, made.hash;
END $$;

CREATE OR REPLACE FUNCTION galley.freeze(p_key text, p_owner text, p_reason text, p_seconds bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  IF p_seconds NOT BETWEEN 60 AND 2592000 THEN
    RAISE EXCEPTION 'a freeze lasts 1 minute to 30 days' USING ERRCODE = 'GA002';
  END IF;
  LOCK TABLE galley_ledger.freezes IN SHARE ROW EXCLUSIVE MODE;
  SELECT id INTO made FROM galley_ledger.freezes WHERE key = p_key;
  IF FOUND THEN RETURN made; END IF;
  PERFORM 1 FROM galley_ledger.freezes
    WHERE lifted_at IS NULL AND until > clock_timestamp() AND owner <> galley_ledger.person(p_owner);
  IF FOUND THEN
    RAISE EXCEPTION 'somebody else has frozen it already' USING ERRCODE = 'GA003';
  END IF;
  -- Freezing again is how its owner makes it longer or shorter.
  UPDATE galley_ledger.freezes SET lifted_at = clock_timestamp(), lifted_by = galley_ledger.person(p_owner)
    WHERE lifted_at IS NULL AND until > clock_timestamp();
  INSERT INTO galley_ledger.freezes (key, owner, login, reason, until)
    VALUES (p_key, galley_ledger.person(p_owner), session_user, p_reason,
            clock_timestamp() + p_seconds * interval '1 second')
    RETURNING id INTO made;
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION galley.unfreeze(p_id bigint, p_by text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_one galley_ledger.freezes;
BEGIN
  SELECT * INTO found_one FROM galley_ledger.freezes WHERE id = p_id FOR UPDATE;
  IF NOT FOUND OR found_one.lifted_at IS NOT NULL THEN RETURN; END IF;
  IF found_one.owner <> galley_ledger.person(p_by) AND NOT pg_has_role(session_user, 'galley_lead', 'MEMBER') THEN
    RAISE EXCEPTION 'the freeze is %''s: its owner or a lead lifts it', found_one.owner USING ERRCODE = 'GA003';
  END IF;
  UPDATE galley_ledger.freezes SET lifted_at = clock_timestamp(), lifted_by = galley_ledger.person(p_by)
    WHERE id = p_id;
END $$;

CREATE OR REPLACE FUNCTION galley.approval_ask(p_id text, p_digest text, p_plan text, p_asker text, p_seconds bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_seconds NOT BETWEEN 10 AND 3600 THEN
    RAISE EXCEPTION 'a request waits 10 seconds to an hour' USING ERRCODE = 'GA002';
  END IF;
  INSERT INTO galley_ledger.approvals (id, digest, plan, asker, asker_login, expires_at)
    VALUES (p_id, p_digest, p_plan, galley_ledger.person(p_asker), session_user,
            clock_timestamp() + p_seconds * interval '1 second')
    ON CONFLICT (id) DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION galley.approval_answer(p_id text, p_digest text, p_by text, p_granted boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked galley_ledger.approvals;
  person text := galley_ledger.person(p_by);
BEGIN
  SELECT * INTO asked FROM galley_ledger.approvals WHERE id = p_id FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such request' USING ERRCODE = 'GA004'; END IF;
  IF asked.answered_by = person AND asked.granted = p_granted AND asked.digest = p_digest THEN RETURN; END IF;
  IF asked.asker = person THEN
    RAISE EXCEPTION 'whoever asks cannot be the second person' USING ERRCODE = 'GA005';
  END IF;
  IF asked.granted IS NOT NULL THEN RAISE EXCEPTION 'it is answered already' USING ERRCODE = 'GA006'; END IF;
  IF asked.expires_at <= clock_timestamp() THEN RAISE EXCEPTION 'its time is over' USING ERRCODE = 'GA006'; END IF;
  IF asked.digest <> p_digest THEN RAISE EXCEPTION 'it is about another plan' USING ERRCODE = 'GA007'; END IF;
  UPDATE galley_ledger.approvals
    SET granted = p_granted, answered_by = person, answered_login = session_user, answered_at = clock_timestamp()
    WHERE id = p_id;
END $$;

CREATE OR REPLACE FUNCTION galley.approval_use(p_id text, p_digest text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked galley_ledger.approvals;
BEGIN
  SELECT * INTO asked FROM galley_ledger.approvals WHERE id = p_id FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such request' USING ERRCODE = 'GA004'; END IF;
  IF asked.granted IS NOT TRUE THEN RAISE EXCEPTION 'nobody has agreed to it' USING ERRCODE = 'GA008'; END IF;
  IF asked.digest <> p_digest THEN RAISE EXCEPTION 'it is about another plan' USING ERRCODE = 'GA007'; END IF;
  IF asked.used_at IS NOT NULL THEN RAISE EXCEPTION 'it was used already' USING ERRCODE = 'GA006'; END IF;
  IF asked.expires_at <= clock_timestamp() THEN RAISE EXCEPTION 'its time is over' USING ERRCODE = 'GA006'; END IF;
  UPDATE galley_ledger.approvals SET used_at = clock_timestamp() WHERE id = p_id;
END $$;

CREATE VIEW galley.audit AS
  SELECT sequence, id, at, login, previous, stamp, entry, hash FROM galley_ledger.audit;
CREATE VIEW galley.freezes AS
  SELECT id, owner, reason, since, until FROM galley_ledger.freezes
  WHERE lifted_at IS NULL AND until > clock_timestamp();
CREATE VIEW galley.approvals AS
  SELECT id, digest, plan, asker, asked_at, expires_at,
         greatest(0, floor(extract(epoch FROM expires_at - clock_timestamp())))::bigint AS seconds_left,
         granted, answered_by, answered_at, used_at FROM galley_ledger.approvals;

ALTER VIEW galley.audit OWNER TO galley_ledger;
ALTER VIEW galley.freezes OWNER TO galley_ledger;
ALTER VIEW galley.approvals OWNER TO galley_ledger;
ALTER FUNCTION galley_ledger.refuse_change() OWNER TO galley_ledger;
ALTER FUNCTION galley_ledger.person(text) OWNER TO galley_ledger;
ALTER FUNCTION galley.audit_append(text, text) OWNER TO galley_ledger;
ALTER FUNCTION galley.freeze(text, text, text, bigint) OWNER TO galley_ledger;
ALTER FUNCTION galley.unfreeze(bigint, text) OWNER TO galley_ledger;
ALTER FUNCTION galley.approval_ask(text, text, text, text, bigint) OWNER TO galley_ledger;
ALTER FUNCTION galley.approval_answer(text, text, text, boolean) OWNER TO galley_ledger;
ALTER FUNCTION galley.approval_use(text, text) OWNER TO galley_ledger;
REVOKE CREATE ON SCHEMA galley FROM galley_ledger;

-- Functions are everybody's unless it is said otherwise.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA galley, galley_ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION galley.audit_append(text, text) TO galley_kitchen, galley_operator, galley_lead;
GRANT EXECUTE ON FUNCTION galley.freeze(text, text, text, bigint), galley.unfreeze(bigint, text),
  galley.approval_ask(text, text, text, text, bigint), galley.approval_answer(text, text, text, boolean),
  galley.approval_use(text, text) TO galley_operator, galley_lead;
-- contract.sql gives every view to every console: the audit and the requests are not for all.
REVOKE ALL ON galley.audit, galley.approvals FROM galley_views;
GRANT SELECT ON galley.freezes TO galley_views;
GRANT SELECT ON galley.audit, galley.approvals TO galley_operator, galley_lead;

COMMIT;
