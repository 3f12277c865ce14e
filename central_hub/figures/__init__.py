"""Figures and reports of all offices: sums kept as events arrive, reports frozen on the day they are sent."""
