"""What must happen by which day, as rows that a worker looks at."""
