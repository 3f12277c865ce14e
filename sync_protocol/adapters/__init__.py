"""The one room of this package that touches the world: what both shells stand on, written once."""
