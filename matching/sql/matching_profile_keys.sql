-- What an index of profiles is asked: kind, branch and cells within reach. 2, 1 and 64 are the bits of kind, branch and distance in
-- matching.criteria; a test compares.
CREATE OR REPLACE FUNCTION matching_profile_keys() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE reach int := NEW.max_distance_km * 100;
BEGIN
  NEW.kind_keys := CASE WHEN NEW.must_bits & 2 <> 0 AND cardinality(NEW.kind_ids) > 0 THEN NEW.kind_ids ELSE '{0}' END;
  NEW.branch_keys := CASE WHEN NEW.must_bits & 1 <> 0 AND cardinality(NEW.branch_ids) > 0 THEN NEW.branch_ids ELSE '{0}' END;
  IF NEW.must_bits & 64 <> 0 AND NEW.x IS NOT NULL AND reach IS NOT NULL THEN
    SELECT array_agg(across * 200 + up) INTO NEW.reach_keys
    FROM generate_series(greatest(NEW.x - reach, 0) / 1000, (NEW.x + reach) / 1000) across,
         generate_series(greatest(NEW.y - reach, 0) / 1000, (NEW.y + reach) / 1000) up;
    -- Where the vacancy lies is unknown: cell 0.
    NEW.reach_keys := NEW.reach_keys || 0;
  ELSE
    NEW.reach_keys := '{-1}';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER matching_profile_keys BEFORE INSERT OR UPDATE ON matching_searchprofile
  FOR EACH ROW EXECUTE FUNCTION matching_profile_keys();
