"""Seals: what the hub adds to signed copies so that they can still be proved in later years."""
