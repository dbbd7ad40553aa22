"""An app of a next release: its migration changes the busiest table."""

CHANGE = "ALTER TABLE trajectories_trajectory ADD COLUMN next_release integer NOT NULL DEFAULT 0"
