"""Our own hostile corpus: files made to crash, stall, deceive or outgrow the reader, beside harmless ones.

Every case is generated, named, and carries the set of codes that are a right answer; an empty set means the file must be
accepted. Where two answers are equally right (a bomb may be stopped by a rule or by a limit) both are listed.
"""

from __future__ import annotations

from tests.edge_node.capture.hostile import active, bombs, broken, further, harmless, kinds, pictures
from tests.edge_node.capture.hostile.case import CASES, Case

__all__ = ["CASES", "Case", "active", "bombs", "broken", "further", "harmless", "kinds", "pictures"]
