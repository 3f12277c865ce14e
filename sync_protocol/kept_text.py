"""Text as a column of a table keeps it, the same with every engine.

What an event says is stored as its bytes and never changed. Columns made from it (codes, search keys, names of procedures) meet the limits of
databases: PostgreSQL keeps no NUL, and takes no index entry of more than 2,704 bytes. An event cannot be refused for that without holding its
whole lane for ever, so the column holds another form, made the same way when it is written and when it is asked for.
"""

from __future__ import annotations

import hashlib
from typing import Final

NAME_CHARS_MAX: Final = 255  # two in one index entry: 2,040 bytes at most
KEY_CHARS_MAX: Final = 600  # alone in its entry: 2,400 bytes at most
UNREADABLE: Final = "\ufffd"


def without_nul(text: str) -> str:
    """Text of any length without what no PostgreSQL keeps."""
    return text.replace("\0", UNREADABLE)


def kept(text: str, most: int = NAME_CHARS_MAX) -> str:
    """The text, where every engine takes it; else without its NULs, and beyond `most` characters its beginning with its hash. Idempotent.

    >>> kept("00101-261122-00000001"), kept("a\\0b")
    ('00101-261122-00000001', 'a\ufffdb')
    >>> len(kept("x" * 6_000))
    128
    """
    if len(text) <= most and "\0" not in text:
        return text
    text = without_nul(text)
    if len(text) <= most:
        return text
    return f"{text[:63]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
