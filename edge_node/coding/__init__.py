"""Coding: every confirmed paper gets its digitization-result code and its signed record."""
