-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_placement_proves ON trajectories_placement;
CREATE CONSTRAINT TRIGGER trajectories_placement_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_placement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
