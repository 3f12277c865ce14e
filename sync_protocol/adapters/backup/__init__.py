"""Backup: a verified copy of a place with its keys, its manifest, and the way back."""
