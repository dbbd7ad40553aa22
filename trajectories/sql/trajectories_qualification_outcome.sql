-- The outcome of a project goes with the row that proves it.
CREATE OR REPLACE TRIGGER trajectories_qualification_outcome AFTER DELETE ON trajectories_qualification
  FOR EACH ROW EXECUTE FUNCTION topjob_outcome_gone();
