"""Snapshots for new and replaced nodes: what an office is entitled to, read once, kept for a day, fetched in parts."""
