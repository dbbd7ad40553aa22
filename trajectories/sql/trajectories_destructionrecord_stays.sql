-- Not even the destroyer removes the proof that a file was destroyed (R14).
CREATE OR REPLACE TRIGGER trajectories_destructionrecord_stays BEFORE DELETE ON trajectories_destructionrecord
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
