"""All offices: receives, merges, answers look-ups, publishes the law as data."""
