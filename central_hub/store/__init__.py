"""The hub's database: one schema, one way to open it."""
