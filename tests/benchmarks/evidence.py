"""What one copy costs to be made, sealed, judged and stamped. Signing beside OpenSSL is `tests.benchmarks.signing`.

Run: `python -m tests.benchmarks.evidence`. Processor time counts, of this process and of those it started; wall times are weather.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from central_hub.seals.judgement import LIMITS, judging_sandbox
from central_hub.seals.timestamping import preserve
from deploy.demo.timestamp_authority import TimestampAuthority
from edge_node.copies.archival import require_archival
from edge_node.copies.profile import encode_page_within
from edge_node.copies.writer import make_copy
from edge_node.signing.agency import seal_copy
from sync_protocol.adapters.verification.task import copy_arguments
from sync_protocol.adapters.verification.verify import verify_copy
from tests.benchmarks.pages.build import build
from tests.edge_node.copies.material import CAPTURED_AT, drawn_page
from tests.edge_node.signing.material import AGENCY, NOW, SEALED_AT, world


def cpu_s() -> float:
    """Processor seconds of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def median_ms(step: Callable[[], object], times: int = 15) -> float:
    """Median processor time of some runs after one that is not counted."""
    step()
    measured = []
    for _ in range(times):
        begun = cpu_s()
        step()
        measured.append((cpu_s() - begun) * 1000)
    return statistics.median(measured)


def page_sizes(count: int = 12) -> str:
    """Smallest, median and largest A4 page in KB, at 200 dpi, as the desk keeps it."""
    from PIL import Image

    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        for path in build(Path(folder), count=count):
            with Image.open(path) as page:
                upright = page.convert("RGB")
            short, long = sorted(upright.size)
            if 1.3 < long / short < 1.5:
                a4 = upright.resize((1654, 2339) if upright.height > upright.width else (2339, 1654))
                sizes.append(len(encode_page_within(np.asarray(a4), 250 * 1024, order="RGB")) / 1024)
    return f"{min(sizes):.0f} / {statistics.median(sizes):.0f} / {max(sizes):.0f} KB of {len(sizes)}"


def main() -> None:
    """Print one line a step."""
    made, agency, authority = world(), world().key("agency"), TimestampAuthority(world().authority)
    arguments = copy_arguments(made.trust, made.expected(sealed=True), NOW)
    sandbox = judging_sandbox()
    steps: dict[str, Callable[[], object]] = {
        "make copy, 1 page": lambda: make_copy(
            [drawn_page()], title="x", captured_at=CAPTURED_AT, typefaces_dir=made.typefaces
        ),
        "gate": lambda: require_archival(made.copy),
        "seal": lambda: seal_copy(
            made.signed.data, agency, form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=made.typefaces
        ),
        "verify sealed, here": lambda: verify_copy(
            made.sealed.data, trust=made.trust, expected=made.expected(sealed=True), now=NOW
        ),
        "stamp and keep": lambda: preserve(made.sealed.data, authority.answer, made.trust, now=NOW),
    }
    for name, step in steps.items():
        print(f"{name:28s} {median_ms(step):7.1f} ms CPU")
    judged = [sandbox.run_measured("copy", made.sealed.data, arguments, limits=LIMITS) for _ in range(15)]
    print(
        f"{'verify sealed, sandboxed':28s} {statistics.median(one.cpu_s for one in judged) * 1000:7.1f} ms CPU, {max(one.resident_mb for one in judged)} MB"
    )
    print(f"bytes of a page at the desk profile, drawn papers as if scanned: {page_sizes()}")
    print(f"sizes: copy {len(made.copy)}, signed {made.signed.length}, sealed {made.sealed.length} bytes")


if __name__ == "__main__":
    main()
