"""What is broken on purpose (RELIABILITY.md, faults 1–28), against real services that are killed, stopped, filled and restarted.

`make faults` runs them; the ordinary test run doesn't. They have a PostgreSQL, a broker, a mail server, gunicorn, a worker and a
beat of their own. Each fault has a test that asserts the invariants, and a control in which the protection is left out and the
harm is seen: a control that sees no harm is "silent", and then the fault proves nothing. Seeds decide where kills fall.
"""
