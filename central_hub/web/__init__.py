"""The hub's pages: the fleet, dossiers by state, worklists; and the one page for citizens."""
