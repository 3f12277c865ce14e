"""Files under the hash of what they hold, sealed at rest: one interface, two stores, uploads that resume, erasure."""
