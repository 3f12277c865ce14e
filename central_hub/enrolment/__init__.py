"""How a node becomes known to the hub: keys, accounts, certificates, the server itself, and the one file a node is given."""
