-- Where somebody lives and in which region isn't part of a version: it follows the person.
CREATE OR REPLACE FUNCTION matching_place_profile() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE matching_searchprofile s SET pc4 = matching_pc4(NEW.postcode), x = p.x, y = p.y, region_id = NEW.region_id
  FROM (SELECT 1) one LEFT JOIN matching_place p ON p.pc4 = matching_pc4(NEW.postcode)
  WHERE s.candidate_id = NEW.id AND s.status IN ('concept', 'bevestigd');
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_moved AFTER UPDATE OF postcode, region_id ON candidates_candidate
  FOR EACH ROW WHEN (OLD.postcode IS DISTINCT FROM NEW.postcode OR OLD.region_id <> NEW.region_id)
  EXECUTE FUNCTION matching_place_profile();
