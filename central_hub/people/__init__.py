"""People of the hub: its accounts and their roles."""
