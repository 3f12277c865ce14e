"""Operations: what the hub holds, how the offices fare, checks and backups."""
