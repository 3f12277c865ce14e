"""The runbook that came with this release, for a browser: one page per code, and the index. Read from the package, or from a checkout's `deploy/`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

INDEX = "README"
_CODE = re.compile(r"[A-Z]{3}-[0-9]{3}")
_PLACES = (Path(__file__).parents[1] / "runbook", Path(__file__).parents[2] / "deploy" / "runbook")


@cache
def page_html(code: str) -> str | None:
    """The page of a code (or of `README`) as HTML whose links lead to other pages; None where there is none."""
    if code != INDEX and not _CODE.fullmatch(code):
        return None
    for place in _PLACES:
        path = place / f"{code}.md"
        if path.is_file():
            made = MarkdownIt("commonmark", {"html": False}).render(path.read_text("utf-8"))
            return re.sub(
                r'href="([A-Z]{3}-[0-9]{3}|README)\.md"',
                r'href="/runbook/\1"',
                re.sub(r'<a href="(?!(?:[A-Z]{3}-[0-9]{3}|README)\.md")[^"]*">(.*?)</a>', r"\1", made),
            )
    return None
