"""Routes by the work at the desk: HTTP in and out, no rules, no SQL."""
