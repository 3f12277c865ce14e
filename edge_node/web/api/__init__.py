"""The node's own programming interface: JSON, for officers signed in at this node, the same use cases as the pages."""
