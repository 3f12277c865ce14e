"""The doors to outside systems: what leaves, what comes in, and what waits. Nothing inside ever waits for them."""
