"""What both sides believe. Pure, but for the one room `adapters/`."""
