"""The country-wide existence index: built here from what is coded, published as files that every office keeps."""
