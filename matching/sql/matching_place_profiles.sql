-- A point that was corrected is followed by the profiles that lie there.
CREATE OR REPLACE FUNCTION matching_place_profiles() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE matching_searchprofile s SET x = c.x, y = c.y FROM changed c
  WHERE s.pc4 = c.pc4 AND s.status IN ('concept', 'bevestigd') AND (s.x, s.y) IS DISTINCT FROM (c.x, c.y);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_profiles_insert AFTER INSERT ON matching_place
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_place_profiles();

CREATE OR REPLACE TRIGGER matching_profiles_update AFTER UPDATE ON matching_place
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_place_profiles();
