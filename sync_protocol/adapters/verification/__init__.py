"""Verification: whether a signed file or record is acceptable evidence, with every reason; judged in the sandbox."""
