"""Pages of copies for the screen come out of the sandbox, once; what cannot be drawn is an answer and never a crash."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from edge_node.review.errors import PageUndrawable
from edge_node.review.page_image import PAGES_AT_ONCE, PAGES_ENTRY, PAGES_TASK, PageImages, PageSize
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from sync_protocol.ids import BlobDigest


class Counted:
    """The sandbox, counting what it was asked."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.asked = sandbox, 0

    def run(self, task: str, payload: bytes, arguments: dict[str, Any], *, limits: SandboxLimits | None) -> bytes:
        self.asked += 1
        return self.sandbox.run(task, payload, arguments, limits=limits)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return open_sandbox({PAGES_TASK: PAGES_ENTRY})


def scanned(pages: int) -> bytes:
    """A PDF of pages of different size, white with a black bar."""
    out = io.BytesIO()
    images = [Image.new("RGB", (400 + 10 * number, 600), "white") for number in range(pages)]
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=100)
    return out.getvalue()


def images_of(sandbox: Sandbox, content: bytes) -> tuple[PageImages, BlobDigest, Counted]:
    counted = Counted(sandbox)
    return PageImages(counted, lambda _: content), BlobDigest(hashlib.sha256(content).digest()), counted


def test_a_copy_is_drawn_once_for_all_its_first_pages(sandbox: Sandbox) -> None:
    images, digest, counted = images_of(sandbox, scanned(PAGES_AT_ONCE))
    assert images.sizes(digest)[:2] == (PageSize(400, 600), PageSize(410, 600))
    for page in range(1, PAGES_AT_ONCE + 1):
        with Image.open(io.BytesIO(images.picture(digest, page))) as picture:
            assert picture.format == "JPEG" and abs(picture.width - (390 + 10 * page) * 1.1) < 2
    assert counted.asked == 1


def test_pages_further_back_are_drawn_when_they_are_asked_for(sandbox: Sandbox) -> None:
    images, digest, counted = images_of(sandbox, scanned(PAGES_AT_ONCE + 1))
    images.picture(digest, 1)
    with Image.open(io.BytesIO(images.picture(digest, PAGES_AT_ONCE + 1))) as picture:
        assert abs(picture.width - (400 + 10 * PAGES_AT_ONCE) * 1.1) < 2
    assert counted.asked == 2


@pytest.mark.parametrize("page", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there_is_said(sandbox: Sandbox, page: int) -> None:
    images, digest, _ = images_of(sandbox, scanned(2))
    with pytest.raises(PageUndrawable):
        images.picture(digest, page)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"\xff\xd8\xff no picture", b"%PDF-1.4\n" + b"9 0 obj<<>>" * 500]
)
def test_a_file_that_is_no_copy_is_said_and_the_process_lives(sandbox: Sandbox, content: bytes) -> None:
    images, digest, _ = images_of(sandbox, content)
    with pytest.raises(PageUndrawable):
        images.sizes(digest)
    assert images_of(sandbox, scanned(1))[0].sizes(digest)
