"""Intake: the person at the counter, the procedure, the components, the promise."""
