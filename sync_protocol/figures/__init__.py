"""Figures: what is counted of dossiers and visits, purely from events; the shells keep the sums and show them."""
