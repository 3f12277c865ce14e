"""Signing: the officer's personal signature at capture, the agency signature after success, and signed records.

Importing this package loads nothing heavy; pyHanko is loaded by the first signature.
"""
