"""`python -m tests.vectors`: write the golden vectors. Run it only when the protocol is meant to change."""

from __future__ import annotations

from tests.vectors.golden import FILE, write

print(f"{FILE.name}: {write()} values")
