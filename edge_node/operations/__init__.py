"""Operations: counts, the waiting queue, checks of the node's own state."""
