"""What is known at other offices, answered without a line: the hub's existence index, and the question asked again later."""
