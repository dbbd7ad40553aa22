-- The four digits by which a place is known.
CREATE OR REPLACE FUNCTION matching_pc4(postcode text) RETURNS integer LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN postcode ~ '^[1-9][0-9]{3}' THEN left(postcode, 4)::int END
$$;
