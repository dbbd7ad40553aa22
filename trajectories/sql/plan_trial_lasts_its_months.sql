-- The trial that a plan agrees on ends on the last day of its months (R6).
ALTER TABLE trajectories_startplan DROP CONSTRAINT IF EXISTS plan_trial_lasts_its_months, ADD CONSTRAINT plan_trial_lasts_its_months
  CHECK (trial_ends_on = topjob_period_end(trial_starts_on, trial_months));
