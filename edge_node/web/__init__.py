"""The desk's pages: use cases of the node shown to officers, served by the node itself on the office's own network."""
