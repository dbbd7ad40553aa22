-- Links what waits, one caller at a time (ADR 14). A row of a transaction that commits late appears late, whatever its number,
-- so none is skipped. What the words of a reason were is covered by a salted fingerprint; salt and words go together.
CREATE OR REPLACE FUNCTION topjob_audit_seal(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  e record;
  head text := '';
  place bigint := 0;
  places bigint[] := '{}'; entries bigint[] := '{}'; queued bigint[] := '{}';
  words text[] := '{}'; befores text[] := '{}'; hashes text[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(7220);
  SELECT position, hash INTO place, head FROM public.accounts_auditlink ORDER BY position DESC LIMIT 1;
  place := coalesce(place, 0);
  head := coalesce(head, '');
  FOR e IN
    SELECT a.id, l.id IS NOT NULL AS linked, w.text_hash, jsonb_build_array(
        a.id, extract(epoch FROM a.at), a.actor_id, a.party, a.verb, a.subject_type, a.subject_id, a.candidate_id,
        a.trajectory_id, a.state_from, a.state_to, a.details, a.text_id, w.text_hash)::text AS content
      FROM public.accounts_auditunsealed q
      JOIN public.accounts_auditentry a ON a.id = q.entry_id
      LEFT JOIN public.accounts_auditlink l ON l.entry_id = a.id
      LEFT JOIN public.accounts_audittext t ON t.id = a.text_id
      CROSS JOIN LATERAL (
        SELECT coalesce(encode(sha256(convert_to(t.salt::text || t.text, 'UTF8')), 'hex'), '') AS text_hash) w
      ORDER BY q.entry_id LIMIT most
  LOOP
    queued := queued || e.id;
    CONTINUE WHEN e.linked;
    place := place + 1;
    places := places || place; entries := entries || e.id; words := words || e.text_hash; befores := befores || head;
    head := encode(sha256(convert_to(head || e.content, 'UTF8')), 'hex');
    hashes := hashes || head;
  END LOOP;
  INSERT INTO public.accounts_auditlink (position, entry_id, text_hash, previous, hash)
    SELECT * FROM unnest(places, entries, words, befores, hashes);
  DELETE FROM public.accounts_auditunsealed WHERE entry_id = ANY (queued);
  RETURN cardinality(queued);
END $$;
