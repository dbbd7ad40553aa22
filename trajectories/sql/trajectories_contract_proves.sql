-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_contract_proves ON trajectories_contract;
CREATE CONSTRAINT TRIGGER trajectories_contract_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_contract
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
