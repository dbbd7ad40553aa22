-- A trial ends on the last day of its months (R6).
ALTER TABLE trajectories_trialperiod DROP CONSTRAINT IF EXISTS trial_lasts_its_months, ADD CONSTRAINT trial_lasts_its_months
  CHECK (ends_on = topjob_period_end(starts_on, months));
