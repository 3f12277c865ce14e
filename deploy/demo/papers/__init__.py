"""Papers for the demo and for measuring the readers: typeset, printed, stamped and scanned; every person invented.

`python -m deploy.demo.papers --out DIR` writes the demo's dossiers. `VERSION` goes up whenever a page would look
different, because the cache of a finished folder is keyed by it.
"""

from __future__ import annotations

VERSION = 3
DPI = 200
PAGE_WIDTH_PX, PAGE_HEIGHT_PX = 1654, 2339
DISCLAIMER = "Giấy tờ mẫu dựng để thử phần mềm; người, số và cơ quan ký trên giấy này không có thật."
