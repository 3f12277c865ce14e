"""What offices disagree on, and who at the hub settles it: conflicts of values and suspected duplicates across offices."""
