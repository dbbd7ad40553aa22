"""The outcome of a project follows the rows that prove it, whoever changes them (DECISIONS 30).

A participation counts what it says; a job or diploma whose contract or qualification is gone is none. When a file is destroyed its
participation lets go of it first, so the outcome stays (DECISIONS 11).
"""

from django.db import migrations

COUNTS = """
CREATE FUNCTION topjob_count_outcome(project bigint) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  UPDATE employers_learnworkproject p
  SET participants_count = x.begun, passed_count = x.passed, diploma_count = x.diplomas, jobs_count = x.jobs
  FROM (SELECT count(started_on) AS begun,
               count(*) FILTER (WHERE started_on IS NOT NULL AND passed_trial_on IS NOT NULL) AS passed,
               count(*) FILTER (WHERE started_on IS NOT NULL AND diploma_on IS NOT NULL) AS diplomas,
               count(*) FILTER (WHERE started_on IS NOT NULL AND job_on IS NOT NULL) AS jobs
        FROM trajectories_projectparticipation WHERE project_id = project) x
  WHERE p.id = project AND (p.participants_count, p.passed_count, p.diploma_count, p.jobs_count)
    IS DISTINCT FROM (x.begun, x.passed, x.diplomas, x.jobs)
$$;

CREATE FUNCTION topjob_participation_counts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM topjob_count_outcome(OLD.project_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.project_id <> OLD.project_id) THEN
    PERFORM topjob_count_outcome(NEW.project_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER trajectories_participation_counts AFTER INSERT OR UPDATE OR DELETE ON trajectories_projectparticipation
  FOR EACH ROW EXECUTE FUNCTION topjob_participation_counts();

CREATE FUNCTION topjob_outcome_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'trajectories_contract' THEN
    UPDATE trajectories_projectparticipation SET job_on = NULL
    WHERE trajectory_id = OLD.trajectory_id AND job_on = OLD.starts_on;
  ELSE
    UPDATE trajectories_projectparticipation SET diploma_on = NULL
    WHERE trajectory_id = OLD.trajectory_id AND diploma_on = OLD."on";
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER trajectories_contract_outcome AFTER DELETE ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_outcome_gone();
CREATE TRIGGER trajectories_qualification_outcome AFTER DELETE ON trajectories_qualification
  FOR EACH ROW EXECUTE FUNCTION topjob_outcome_gone();
"""


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0021_wages"), ("employers", "0002_reference")]
    operations = [migrations.RunSQL(COUNTS)]
