"""People: the officers of this office, their roles and their signing keys."""
