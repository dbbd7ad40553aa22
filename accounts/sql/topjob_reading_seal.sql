-- One seal under all readings that a round finds, by number: what was changed, removed or slipped in shows (ADR 15).
CREATE OR REPLACE FUNCTION topjob_reading_seal(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found bigint[];
  content text;
  head text := '';
  place bigint := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7220);
  SELECT array_agg(r.id ORDER BY r.id), string_agg(jsonb_build_array(
      r.id, extract(epoch FROM r.at), r.actor_id, r.party, r.page, r.route, to_jsonb(r.people), r.trace,
      r.reason_id)::text, E'\n' ORDER BY r.id)
    INTO found, content
    FROM (SELECT q.reading_id FROM public.accounts_readingunsealed q
            JOIN public.accounts_reading w ON w.id = q.reading_id ORDER BY q.reading_id LIMIT most) waiting
    JOIN public.accounts_reading r ON r.id = waiting.reading_id;
  IF found IS NULL THEN RETURN 0; END IF;
  SELECT position, hash INTO place, head FROM public.accounts_readingseal ORDER BY position DESC LIMIT 1;
  head := coalesce(head, '');
  INSERT INTO public.accounts_readingseal (position, readings, previous, hash)
    VALUES (coalesce(place, 0) + 1, found, head, encode(sha256(convert_to(head || content, 'UTF8')), 'hex'));
  DELETE FROM public.accounts_readingunsealed WHERE reading_id = ANY (found);
  RETURN cardinality(found);
END $$;
