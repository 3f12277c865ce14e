"""A look at pages: small pictures, codes and doubts come out of the sandbox, with and without namespaces; refusals are those of decoding."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from edge_node.capture.decode import DECODE_ENTRY, DECODE_TASK, decode_file
from edge_node.capture.errors import CaptureProblem
from edge_node.capture.file_errors import ActiveContent, DamagedFile, EmptyFile, EncryptedFile, UnknownKind
from edge_node.capture.look import LOOK_ENTRY, LOOK_TASK, look_at
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from tests.edge_node.capture import hostile
from tests.edge_node.capture.sheets import sheet, stack

TASKS = {DECODE_TASK: DECODE_ENTRY, LOOK_TASK: LOOK_ENTRY}


@pytest.fixture(scope="module", params=["namespaces", "bare"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return open_sandbox(TASKS, use_namespaces=request.param == "namespaces")


@pytest.fixture(scope="module")
def quick() -> Sandbox:
    return open_sandbox(TASKS)


class Counted:
    """The sandbox, counting what it was asked."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.asked = sandbox, 0

    def run(self, task: str, payload: bytes, arguments: dict[str, Any], *, limits: SandboxLimits | None) -> bytes:
        self.asked += 1
        return self.sandbox.run(task, payload, arguments, limits=limits)


def test_every_page_comes_small_with_its_code_and_its_doubts(sandbox: Sandbox) -> None:
    words, coded, blank = look_at(
        stack(sheet("một"), sheet("hai", "lienthong:tach"), sheet()), "a.pdf", sandbox=sandbox
    )
    assert [one.codes for one in (words, coded, blank)] == [(), ("lienthong:tach",), ()]
    assert [one.is_blank for one in (words, coded, blank)] == [False, False, True]
    for picture, side in ((words.thumb, 240), (words.view, 1100)):
        with Image.open(io.BytesIO(picture)) as opened:
            assert opened.format == "JPEG" and max(opened.size) <= side and not opened.getexif()


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", EmptyFile), (b"PK\x03\x04 zip", UnknownKind), (sheet("một")[:900], DamagedFile)],
    ids=["empty", "unknown", "cut off"],
)
def test_what_is_no_scan_is_refused_as_decoding_refuses_it(
    quick: Sandbox, content: bytes, expected: type[CaptureProblem]
) -> None:
    with pytest.raises(expected):
        look_at(content, "a", sandbox=quick)


@pytest.mark.parametrize("expected", [ActiveContent, EncryptedFile])
def test_a_hostile_file_gives_no_picture(quick: Sandbox, expected: type[CaptureProblem]) -> None:
    case = next(one for one in hostile.CASES if one.codes == frozenset((expected.code,)))
    with pytest.raises(expected):
        look_at(case.make(), "a.pdf", sandbox=quick)


def test_only_the_stretches_with_wanted_pages_are_decoded(quick: Sandbox) -> None:
    content, counted = stack(*[sheet(f"tờ {n}") for n in range(18)]), Counted(quick)
    pages = decode_file(content, "a.pdf", sandbox=counted, frames={16, 17}).pages
    assert [page.source_frame for page in pages] == [16, 17] and counted.asked == 1
    pages = decode_file(content, "a.pdf", sandbox=counted, frames={0, 17}).pages
    assert [page.source_frame for page in pages] == [0, 17] and counted.asked == 3
