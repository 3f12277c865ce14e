"""Repository (Kho): what is on file here and elsewhere, found for a purpose."""
