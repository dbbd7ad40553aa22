-- A version that was confirmed keeps its content; what follows the person or R2 may move along.
CREATE OR REPLACE FUNCTION matching_keep_version() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  free text[] := '{status,pc4,x,y,region_id,reach_keys,kind_keys,branch_keys,eligible_project,eligible_stream_1,eligible_streams_2_3,is_available,searching_since}';
BEGIN
  IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free OR (OLD.status = 'vervallen' AND NEW.status <> 'vervallen')
     OR NEW.status = 'concept' THEN
    RAISE EXCEPTION 'Versie % van dit zoekprofiel is bevestigd en verandert niet meer', OLD.version USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER matching_version_kept BEFORE UPDATE ON matching_searchprofile
  FOR EACH ROW WHEN (OLD.status <> 'concept') EXECUTE FUNCTION matching_keep_version();
