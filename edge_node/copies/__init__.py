"""The copy: one PDF/A-2b file per dossier component, made from page images and the words read on them."""
