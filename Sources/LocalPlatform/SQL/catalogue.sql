-- One number that grows whenever something in the catalogue changes: consoles keep a copy of it, and ask only
-- whether theirs is still the newest. Included by schema.sql.

BEGIN;

CREATE TABLE IF NOT EXISTS platform.catalogue_version (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version bigint NOT NULL
);
INSERT INTO platform.catalogue_version (version) VALUES (1) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION platform.bump_catalogue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
BEGIN
  UPDATE platform.catalogue_version SET version = version + 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER bump_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON platform.items
  FOR EACH STATEMENT EXECUTE FUNCTION platform.bump_catalogue();
CREATE OR REPLACE TRIGGER bump_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON platform.prices
  FOR EACH STATEMENT EXECUTE FUNCTION platform.bump_catalogue();
CREATE OR REPLACE TRIGGER bump_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON platform.suppliers
  FOR EACH STATEMENT EXECUTE FUNCTION platform.bump_catalogue();

COMMIT;
