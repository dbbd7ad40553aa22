-- The rule that holds on a day, a client's own before everybody's.
CREATE OR REPLACE FUNCTION topjob_law(key text, day date, client bigint) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.value FROM accounts_lawsetting s
  WHERE s.key = topjob_law.key AND s.valid_from <= day AND (s.client_id IS NULL OR s.client_id = client)
  ORDER BY s.client_id IS NULL, s.valid_from DESC LIMIT 1
$$;
