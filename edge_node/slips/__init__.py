"""Slips: the papers a desk hands out and keeps, from the receipt to the register."""
