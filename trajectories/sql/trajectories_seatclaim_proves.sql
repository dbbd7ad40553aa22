-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_seatclaim_proves ON trajectories_seatclaim;
CREATE CONSTRAINT TRIGGER trajectories_seatclaim_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_seatclaim
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
