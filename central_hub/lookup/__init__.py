"""Looking a citizen up across offices: purpose-bound, minimal first, logged."""
