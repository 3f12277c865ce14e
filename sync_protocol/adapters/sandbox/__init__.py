"""The sandbox: one untrusted input, one short-lived process without network, files or privileges, one result."""
