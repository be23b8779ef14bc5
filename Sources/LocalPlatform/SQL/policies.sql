-- Rules that hold an order until a person has looked at it. Included by schema.sql.

BEGIN;

CREATE TABLE IF NOT EXISTS platform.policies (
  code text PRIMARY KEY,
  -- value: an order above the limit (none: above the kitchen's own); allergen: one with these allergens;
  -- budget: what the kitchen ordered in the last hours, this order included, above the limit
  kind text NOT NULL CHECK (kind IN ('value', 'allergen', 'budget')),
  -- none: every kitchen
  kitchen_code text REFERENCES platform.kitchens,
  title text NOT NULL,
  limit_minor bigint CHECK (limit_minor > 0),
  hours integer CHECK (hours BETWEEN 1 AND 168),
  allergens text[] NOT NULL DEFAULT '{}',
  enabled boolean NOT NULL DEFAULT true,
  CHECK (kind <> 'allergen' OR cardinality(allergens) > 0),
  CHECK (kind <> 'budget' OR (limit_minor IS NOT NULL AND hours IS NOT NULL))
);

COMMIT;
