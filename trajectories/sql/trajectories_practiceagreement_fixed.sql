-- A praktijkovereenkomst says what it said (R14): only that it holds no more is added, once.
CREATE OR REPLACE FUNCTION topjob_practice_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.stopped_on IS NULL
     AND to_jsonb(OLD) - 'stopped_on' - 'stopped_because' = to_jsonb(NEW) - 'stopped_on' - 'stopped_because' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Een praktijkovereenkomst verandert niet; leg vast dat zij niet meer geldt' USING ERRCODE = '23001';
END $$;

CREATE OR REPLACE TRIGGER trajectories_practiceagreement_fixed BEFORE UPDATE ON trajectories_practiceagreement
  FOR EACH ROW EXECUTE FUNCTION topjob_practice_fixed();
CREATE OR REPLACE TRIGGER trajectories_practiceagreement_stays BEFORE DELETE ON trajectories_practiceagreement
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_practiceagreement_kept BEFORE TRUNCATE ON trajectories_practiceagreement
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
