"""How large the existence index is and how long an answer takes: `python -m tests.benchmarks.existence [DOCUMENTS]`. Figures, never gates."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.existence import Hasher, Index, write_index
from sync_protocol.ids import OfficeCode

OFFICES = [OfficeCode(f"{number:05d}") for number in range(100, 800)]
TYPES = ("KS", "CCCD", "SBHXH", "GRV", "HDLD")
ASKED = 2_000


def main(documents: int) -> None:
    """Hash, write, seal, ask; print what each cost."""
    chance = random.Random(1)
    hasher = Hasher(b"k" * 32)
    papers = [
        (f"personal_id:{chance.randrange(10**12):012d}", chance.choice(TYPES), chance.choice(OFFICES))
        for _ in range(documents)
    ]
    begun = time.process_time()
    entries = [(hasher(key, kind), office) for key, kind, office in papers]
    hashed = time.process_time()
    content = write_index(entries, as_of_ms=1, position=1)
    written = time.process_time()
    print(f"{documents:,} documents: {len(content) / documents:.3f} bytes each ({len(content) / 1e6:.1f} MB)")
    print(
        f"hashing {(hashed - begun) / documents * 1e6:.2f} µs, sorting and writing {(written - hashed) / documents * 1e6:.2f} µs of CPU each"
    )
    with tempfile.TemporaryDirectory() as folder:
        files = FilesOnDisk(Path(folder), Sealing(b"f" * 32, b"n" * 32))
        digest = files.put(content)
        index = Index(lambda offset, length: files.read_chunk(digest, offset, length))
        for name, asked in (
            ("known", [hasher(key, kind) for key, kind, _ in chance.sample(papers, ASKED)]),
            ("not known", [chance.randrange(2**48) for _ in range(ASKED)]),
        ):
            took = []
            for wanted in asked:
                at = time.perf_counter()
                found = index.offices(wanted)
                took.append(time.perf_counter() - at)
                assert bool(found) == (name == "known")
            took.sort()
            p99 = took[int(len(took) * 0.99)] * 1000
            print(
                f"{name}: p50 {statistics.median(took) * 1000:.2f} ms, p99 {p99:.2f} ms from the sealed file, header in memory only"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
