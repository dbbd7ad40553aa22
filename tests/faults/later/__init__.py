"""An app of a next release: its migration changes the busiest table."""
