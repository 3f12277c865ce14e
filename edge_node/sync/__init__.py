"""Sync: the shell around the outbox engine. It runs the engine, carries its effects out, and fetches what the office is entitled to."""
