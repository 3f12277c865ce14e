"""Erasing by lawful order: one person asks, another approves, the hub's signed event carries it to every office."""
