"""Directory: the catalogues of law as plain source files, checked and published as one signed file."""
