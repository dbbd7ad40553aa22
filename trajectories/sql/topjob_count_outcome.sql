-- The outcome of a project, from the participations that prove it.
CREATE OR REPLACE FUNCTION topjob_count_outcome(project bigint) RETURNS void LANGUAGE sql
  SET search_path = pg_catalog, public, pg_temp AS $$
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
