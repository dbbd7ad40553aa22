"""What the journey is, before anything is stored: its states and steps, the guards, the periods (docs/domain.md)."""
