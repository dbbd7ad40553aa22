"""`make fuzz`: bad input over every address as everybody, against the running product."""
