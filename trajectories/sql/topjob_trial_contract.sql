-- From day one under construction 2 there is a contract of exactly the trial (R10).
CREATE OR REPLACE FUNCTION topjob_trial_contract() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM trajectories_startplan WHERE id = NEW.plan_id AND construction = '2') AND NOT EXISTS (
    SELECT 1 FROM trajectories_contract c WHERE c.trajectory_id = NEW.trajectory_id AND c.kind = 'proef'
      AND c.holder = 'maatwerq' AND (c.starts_on, c.ends_on) = (NEW.starts_on, NEW.ends_on)
  ) THEN
    RAISE EXCEPTION 'Bij constructie 2 hoort een contract van precies de proefperiode (R10)' USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS trajectories_trialperiod_contract ON trajectories_trialperiod;
CREATE CONSTRAINT TRIGGER trajectories_trialperiod_contract AFTER INSERT ON trajectories_trialperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_trial_contract();
