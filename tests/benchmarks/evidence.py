"""How long one copy takes to be made, signed, sealed and verified. Run: `python -m tests.benchmarks.evidence`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from edge_node.copies.archival import require_archival
from edge_node.copies.writer import make_copy
from edge_node.signing.agency import seal_copy
from edge_node.signing.personal import sign_capture
from sync_protocol.adapters.verification import verify_copy
from tests.edge_node.copies.material import drawn_page
from tests.edge_node.signing.material import AGENCY, CAPTURED_AT, NOW, SEALED_AT, world


def median_ms(step: Callable[[], object], times: int = 9) -> float:
    """Return the median of some runs after one that is not counted."""
    step()
    measured = []
    for _ in range(times):
        begun = time.perf_counter()
        step()
        measured.append((time.perf_counter() - begun) * 1000)
    return statistics.median(measured)


def main() -> None:
    """Print one line a step."""
    made = world()
    officers = {name: made.key(name) for name in ("officer_rsa", "officer_p256")}
    agency = made.key("agency")
    steps: dict[str, Callable[[], object]] = {
        "make copy, 1 page": lambda: make_copy([drawn_page()], title="x", captured_at=CAPTURED_AT),
        "gate": lambda: require_archival(made.copy),
        "seal": lambda: seal_copy(
            made.signed.data, agency, form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=made.typefaces
        ),
        "verify officer": lambda: verify_copy(made.signed.data, trust=made.trust, expected=made.expected(), now=NOW),
        "verify sealed": lambda: verify_copy(
            made.sealed.data, trust=made.trust, expected=made.expected(sealed=True), now=NOW
        ),
    }
    for name, key in officers.items():
        steps[f"sign {name}"] = lambda key=key: sign_capture(  # type: ignore[misc]
            made.copy, key, captured_at=CAPTURED_AT, typefaces_dir=made.typefaces
        )
    for name, step in steps.items():
        print(f"{name:20s} {median_ms(step):7.1f} ms")
    print(f"sizes: copy {len(made.copy)}, signed {made.signed.length}, sealed {made.sealed.length} bytes")


if __name__ == "__main__":
    main()
