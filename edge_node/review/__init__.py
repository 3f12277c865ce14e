"""Review: a person reads the proposals beside the paper and stands for the values."""
