-- The end of a training stays as it was recorded (R14).
CREATE OR REPLACE TRIGGER trajectories_trainingend_fixed BEFORE UPDATE ON trajectories_trainingend
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
