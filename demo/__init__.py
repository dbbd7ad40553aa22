"""A believable Salland world, built through the real actions; never part of production's work."""
