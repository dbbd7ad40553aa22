"""What pages show of a case: its cards, its steps, its timeline, lists and their filters, the portals and the feed."""
