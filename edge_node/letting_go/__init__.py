"""Dossiers that this office only follows, and lets go: the wish, and the tombstone that is left of the copy."""
