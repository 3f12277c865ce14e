"""`python -m tests.benchmarks.reading [--set DIR]`: read a labelled set and say how good it was; without one, the drawn set of 66 pages.

Beside an image lies its truth, `page.json` (truth_set.py), or its text alone, `page.gt.txt`: then characters and words are told, in reading order.

Character error rate and word accuracy by geometry, exact fields by kind, wrong values that were pre-confirmed, right ones that still go
to a person, document type, CPU seconds a page beside Tesseract `vie` in the same run, and the worker's peak memory.
The papers of the set are made up; nothing personal is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from central_hub.directory.areas import package_data, read_areas
from central_hub.directory.sources import read_sources
from edge_node.capture.known_names import names_of
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import DocumentReading, PageReading, RecogniserKind, Unreadable
from edge_node.recognition.service import ReadingService, ReadingSettings
from sync_protocol.card_qr import CardQr, read_card_qr
from sync_protocol.errors import Problem
from sync_protocol.paper_types import DocumentType
from tests.benchmarks.field_score import FieldTally, score_fields
from tests.benchmarks.page_score import Tally, score_page, score_text, values_read
from tests.benchmarks.pages import DEFAULT_COUNT
from tests.benchmarks.pages.build import build
from tests.benchmarks.truth_set import Document, documents, texts

TEXT_DPI = 200
"""Resolution that is stated for a page of which only the text is known."""

SOURCES = Path(__file__).parents[2] / "central_hub" / "directory" / "sources"


def catalogue() -> tuple[tuple[DocumentType, ...], Gazetteer]:
    """The document types and known names as the hub publishes them and a desk knows them."""
    built, _ = read_sources(SOURCES, version="benchmark", built_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    data = package_data()
    areas = read_areas(SOURCES, data)[0] if data is not None else None
    return built.document_types, names_of(built, areas)


class Kept(msgspec.Struct):
    """Readings of earlier runs by path, so that extraction can be measured again without reading again."""

    readings: dict[str, PageReading | Unreadable] = {}
    cpu_seconds: dict[str, float] = {}
    peak_bytes: int = 0


def read_all(pages: Sequence[tuple[Path, int]], kind: RecogniserKind, kept: Kept, keep: Path | None) -> None:
    """Read every page (its file, its dpi) that is not among the kept ones; what was read is kept at once."""
    with ReadingService(ReadingSettings(kind=kind)) as service:
        for path, dpi in pages:
            if str(path) not in kept.readings:
                kept.readings[str(path)] = service.read_page(path.read_bytes(), dpi)
                kept.cpu_seconds[str(path)] = service.last_cpu_seconds
                kept.peak_bytes = max(kept.peak_bytes, service.peak_bytes)
                if keep:
                    keep.write_bytes(msgspec.msgpack.encode(kept))


def tesseract_seconds(pictures: Sequence[Path]) -> float:
    """CPU seconds a page of whole-page Tesseract `vie` on one thread, or 0 where it is not installed."""
    command = shutil.which("tesseract")
    if command is None or not pictures:
        return 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for picture in pictures:
        subprocess.run(
            [command, str(picture), "-", "-l", "vie"], capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"}
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(pictures)


def card_of(reading: DocumentReading) -> CardQr | None:
    """The identity card's QR on these pages, if there is one."""
    for _, page in reading.readable():
        for code in page.barcodes:
            try:
                return read_card_qr(code.text)
            except Problem:
                continue
    return None


def report(found: Sequence[Document], kept: Kept, verbose: bool) -> None:
    """Print the figures."""
    by_tag: dict[str, Tally] = defaultdict(Tally)
    fields, types_right, codes, codes_right = FieldTally(), 0, 0, 0
    as_read: dict[str, list[bool]] = defaultdict(list)
    types, gazetteer = catalogue()
    for document in found:
        reading = DocumentReading(tuple(kept.readings[str(path)] for path, _ in document.pages))
        for (path, truth), page in zip(document.pages, reading.pages, strict=True):
            legible = page if isinstance(page, PageReading) else None
            tally, wrong = score_page(truth, legible)
            values = values_read(truth, legible)
            for kind, _, _, whole in values:
                as_read[kind].append(whole)
            for tag in ("all", *(truth.tags or ["clean"])):
                by_tag[tag].add(tally)
            if verbose:
                print(f"-- {path} CER {tally.cer:.2f}", page if isinstance(page, Unreadable) else "")
                for wanted, said in wrong:
                    print(f"     {wanted!r}\n  -> {said!r}")
                for kind, value, said_there, whole in values:
                    if not whole:
                        print(f"  value of {kind}: {value!r}\n  -> {said_there!r}")
            if truth.qr:
                codes += 1
                codes_right += isinstance(page, PageReading) and any(code.text == truth.qr for code in page.barcodes)
        proposal = extract(reading, types, gazetteer, card_of(reading))
        known = any(kind.code == document.document_type for kind in types)
        right = proposal.document_type == (document.document_type if known else None)
        types_right += right
        if not right and verbose:
            print(f"type {document.pages[0][0]}: {document.document_type} guessed {proposal.guesses}")
        score_fields(document, proposal, fields)
    if verbose:
        print("\n".join(sorted(fields.notes)))
    for tag, tally in sorted(by_tag.items()):
        print(f"{tag:14} CER {tally.cer:5.2f} %  words {tally.word_accuracy:5.2f} %  ({tally.characters} characters)")
    for kind, wholes in sorted(as_read.items()):
        print(f"{kind:14} as read {sum(wholes):4}/{len(wholes):<4} {100 * sum(wholes) / len(wholes):5.1f} %")
    for kind, total in sorted(fields.total.items()):
        print(f"{kind:14} exact {fields.right[kind]:4}/{total:<4} {100 * fields.right[kind] / total:5.1f} %")
    for numeric, name in ((True, "numeric"), (False, "text")):
        share = 100 * fields.right_to_person[numeric] / max(1, fields.right_all[numeric])
        print(
            f"{name}: ✓ {fields.confirmed[numeric]}, wrong ✓ {fields.wrong_confirmed[numeric]}, right but to a person {share:.1f} %"
        )
    print(
        f"handwritten fields {fields.handwritten}, of them ✓ {fields.handwritten_confirmed}; ✓ on fields that the truth does not label {fields.unlabelled_confirmed}; labelled values outside the type's template {fields.without_template}"
    )
    print(f"cells of lists right {fields.cells_right}/{fields.cells}")
    print(f"document type right {types_right}/{len(found)}; QR {codes_right}/{codes}")


def report_texts(found: Sequence[tuple[Path, str]], kept: Kept, verbose: bool) -> None:
    """Print the figures of pages of which only the text is known."""
    whole = Tally()
    for path, truth in found:
        page = kept.readings[str(path)]
        tally = score_text(truth, page if isinstance(page, PageReading) else None)
        whole.add(tally)
        if verbose:
            print(f"-- {path} CER {tally.cer:.2f} words {tally.word_accuracy:.2f}", page if isinstance(page, Unreadable) else "")
    print(f"{'text alone':14} CER {whole.cer:5.2f} %  words {whole.word_accuracy:5.2f} %  ({whole.characters} characters, in reading order)")


def measure(chosen: argparse.Namespace, folder: Path) -> int:
    """Read and report the set in `folder`; 1 where there is nothing to read."""
    found, plain_texts = list(documents(folder))[: chosen.limit or None], list(texts(folder))[: chosen.limit or None]
    if not found and not plain_texts:
        print(f"{folder}: không có ảnh nào có tệp .json hay .gt.txt cùng tên bên cạnh", file=sys.stderr)
        return 1
    kept = (
        msgspec.msgpack.decode(chosen.keep.read_bytes(), type=Kept) if chosen.keep and chosen.keep.exists() else Kept()
    )
    labelled = [(path, truth.dpi) for document in found for path, truth in document.pages]
    read_all([*labelled, *((path, TEXT_DPI) for path, _ in plain_texts)], chosen.kind, kept, chosen.keep)
    if found:
        report(found, kept, chosen.verbose)
    if plain_texts:
        report_texts(plain_texts, kept, chosen.verbose)
    pages = [*(path for path, _ in labelled), *(path for path, _ in plain_texts)]
    ours = sum(kept.cpu_seconds[str(path)] for path in pages) / len(pages)
    theirs = (
        tesseract_seconds(pages[:: max(1, len(pages) // max(1, chosen.tesseract_pages))])
        if chosen.tesseract_pages
        else 0.0
    )
    ratio = f", {ours / theirs:.2f} times" if theirs else ""
    print(
        f"{len(pages)} pages, CPU {ours:.2f} s a page, Tesseract vie {theirs:.2f} s{ratio}; worker peak {kept.peak_bytes / 1e6:.0f} MB"
    )
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, help="folder with images and their .json or .gt.txt; without it the drawn set")
    parser.add_argument("--kind", type=RecogniserKind, default=RecogniserKind.TWO_READERS)
    parser.add_argument("--limit", type=int, default=0, help="only so many documents")
    parser.add_argument("--keep", type=Path, help="keep readings in this file and use them again")
    parser.add_argument("--tesseract-pages", type=int, default=5)
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.set is not None:
        return measure(chosen, chosen.set)
    with tempfile.TemporaryDirectory() as drawn:
        build(Path(drawn), 1, DEFAULT_COUNT)
        return measure(chosen, Path(drawn))


if __name__ == "__main__":
    raise SystemExit(main())
