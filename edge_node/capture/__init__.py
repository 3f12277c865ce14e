"""Capture (sao chụp): how paper and files become pages in a tray, before anyone signs or reads them."""
