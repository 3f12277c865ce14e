"""The node's database: one schema, one writer, the ledger through which everything is saved."""
