-- The outcome of a project goes with the row that proves it.
CREATE OR REPLACE TRIGGER trajectories_contract_outcome AFTER DELETE ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_outcome_gone();
