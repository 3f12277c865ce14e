"""The first filling of a new or replaced node: from the hub's snapshot, in parts, resumed, with an explicit end."""
