-- Who hasn't signed this very document yet; nothing when all have (R4).
CREATE OR REPLACE FUNCTION topjob_signers_missing(plan bigint, paper bigint, document bigint) RETURNS text[] LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  WITH signed AS (
    SELECT s.role::text AS role, s.signed_on FROM trajectories_signature s
    JOIN trajectories_generateddocument d ON d.id = topjob_signers_missing.document AND d.sha256 = s.document_sha256
    WHERE s.plan_id = topjob_signers_missing.plan OR s.paper_id = topjob_signers_missing.paper
  ), asked AS (
    SELECT unnest(ARRAY['jongere', 'werkgever', 'jobcoach']) AS role WHERE topjob_signers_missing.plan IS NOT NULL
    UNION SELECT 'vertegenwoordiger' FROM signed y, trajectories_startplan p
      JOIN trajectories_trajectory t ON t.id = p.trajectory_id JOIN candidates_candidate c ON c.id = t.candidate_id
      WHERE p.id = topjob_signers_missing.plan AND y.role = 'jongere' AND extract(year FROM age(y.signed_on, c.birth_date)) < 18
    UNION SELECT party FROM trajectories_planparty WHERE paper_id = topjob_signers_missing.paper
  )
  SELECT array_agg(role ORDER BY role) FROM asked WHERE role NOT IN (SELECT role FROM signed)
$$;
