-- A signature rests on a used code of one's own link, or on a scan that a second person looked at (R4).
CREATE OR REPLACE FUNCTION topjob_signature_evidence() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  signer trajectories_planparty;
  code trajectories_signingcode;
  scan trajectories_scan;
  signed_sha text;
BEGIN
  SELECT * INTO signer FROM trajectories_planparty WHERE id = NEW.party_id;
  IF (signer.party, signer.plan_id, signer.paper_id) IS DISTINCT FROM (NEW.role, NEW.plan_id, NEW.paper_id) THEN
    RAISE EXCEPTION 'Niemand tekent voor een ander (R4)' USING ERRCODE = '23001';
  END IF;
  SELECT d.sha256 INTO signed_sha FROM trajectories_generateddocument d
    WHERE d.id = (SELECT document_id FROM trajectories_startplan WHERE id = NEW.plan_id)
       OR d.id = (SELECT document_id FROM trajectories_paper WHERE id = NEW.paper_id);
  IF signed_sha IS DISTINCT FROM NEW.document_sha256 THEN
    RAISE EXCEPTION 'Een handtekening hoort bij het vastgelegde document (R4)' USING ERRCODE = '23001';
  END IF;
  IF NEW.method = 'papier' THEN
    SELECT * INTO scan FROM trajectories_scan WHERE id = NEW.scan_id;
    IF scan.confirmed_by_id IS NULL OR scan.confirmed_by_id = scan.uploaded_by_id OR NEW.link_id IS NOT NULL
       OR NEW.code_id IS NOT NULL OR (scan.party_id, scan.document_sha256, scan.signed_on)
          IS DISTINCT FROM (NEW.party_id, NEW.document_sha256, NEW.signed_on) THEN
      RAISE EXCEPTION 'Een handtekening op papier heeft een scan die een tweede medewerker heeft nagekeken (R4)'
        USING ERRCODE = '23001';
    END IF;
    IF NEW.statements IS DISTINCT FROM coalesce(
      (SELECT p.statements FROM trajectories_printedstatements p WHERE p.party_id = NEW.party_id), '{}') THEN
      RAISE EXCEPTION 'Een handtekening op papier bevestigt wat er gedrukt stond (R4)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO code FROM trajectories_signingcode WHERE id = NEW.code_id;
  IF NEW.method <> 'code' OR code.used_at IS NULL OR code.link_id IS DISTINCT FROM NEW.link_id
     OR (code.document_sha256, code.typed_name, code.channel, code.address_masked)
        IS DISTINCT FROM (NEW.document_sha256, NEW.typed_name, NEW.channel, NEW.channel_masked)
     OR code.statements IS DISTINCT FROM NEW.statements OR cardinality(NEW.statements) < 3
     OR NOT EXISTS (SELECT 1 FROM trajectories_partylink WHERE id = NEW.link_id AND party_id = NEW.party_id) THEN
    RAISE EXCEPTION 'Een handtekening heeft een gebruikte code van de eigen link (R4)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_signature_evidence BEFORE INSERT ON trajectories_signature
  FOR EACH ROW EXECUTE FUNCTION topjob_signature_evidence();
