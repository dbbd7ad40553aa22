-- A state goes with the rows that prove it, asked when everything of the transaction is there.
CREATE OR REPLACE FUNCTION topjob_state_proven() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  facts jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  own bigint;
  lacks text;
BEGIN
  own := CASE TG_TABLE_NAME
    WHEN 'trajectories_trajectory' THEN (facts ->> 'id')::bigint
    WHEN 'trajectories_evaluation' THEN (SELECT trajectory_id FROM trajectories_trialperiod WHERE id = (facts ->> 'trial_id')::bigint)
    WHEN 'trajectories_seatclaim' THEN
      (SELECT trajectory_id FROM trajectories_application WHERE id = (facts ->> 'application_id')::bigint)
    ELSE (facts ->> 'trajectory_id')::bigint END;
  lacks := topjob_state_lacks(own);
  IF lacks IS NOT NULL THEN
    RAISE EXCEPTION 'Traject %: de stand % mist %', own, (SELECT state FROM trajectories_trajectory WHERE id = own), lacks
      USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
