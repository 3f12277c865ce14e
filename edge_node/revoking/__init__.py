"""Papers that were revoked: calling one in as its authority, and deciding about the dossiers that reuse it."""
