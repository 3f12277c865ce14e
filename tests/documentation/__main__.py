"""Write the index of the runbook anew: `python -m tests.documentation`."""

from __future__ import annotations

from tests.documentation.index import index_text
from tests.documentation.problems import RUNBOOK

(RUNBOOK / "README.md").write_text(index_text(), encoding="utf-8")
