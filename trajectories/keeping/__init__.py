"""Keeping a file and ending it: retention and destruction, two files joined, who read it, and whether all rows still agree."""
