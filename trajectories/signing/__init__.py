"""Signing and giving a view: the parties, their links and codes, scans of paper, mailboxes to be confirmed."""
