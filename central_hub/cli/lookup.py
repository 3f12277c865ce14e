"""`central-hub lookup`: by exact key, for a purpose, minimal answer, audited."""

from __future__ import annotations

from typing import Annotated, Literal

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.ingest.nodes import NodeRow
from central_hub.lookup.service import find
from sync_protocol.adapters.terminal import show
from sync_protocol.glossary import label
from sync_protocol.ids import HUB_NODE, OfficeCode
from sync_protocol.messages import Find, Purpose


def lookup(
    value: str,
    *,
    state: State,
    dossier: Annotated[str, cyclopts.Parameter(help="Mã hồ sơ đang giải quyết.")],
    reason: Annotated[str, cyclopts.Parameter(help="Lý do tra cứu.")],
    officer: str,
    by: Literal["code", "personal_id", "bhxh_number", "org_id", "tax_code", "unit_number", "name_birth"] = "code",
    birth_date: str = "",
    json: AsJson = False,
) -> None:
    """Tra cứu hồ sơ theo khóa chính xác, có mục đích, có nhật ký."""
    hub = open_hub(state)
    here = NodeRow(HUB_NODE, OfficeCode("hub"), b"", 0, None, None, None)
    ask = Find(by, value, birth_date, Purpose(dossier, reason, officer, "hub"))
    try:
        answer = hub.store.writer.run(lambda c: find(c, here, ask, hub.now_ms()))
    finally:
        hub.store.close()
    show(
        "Hồ sơ tìm thấy",
        {
            "code": "mã hồ sơ",
            "procedure": "thủ tục",
            "office": "nơi nhận",
            "custodian": "nơi giải quyết",
            "state": "trạng thái",
            "documents": "giấy tờ có mã",
        },
        [
            (
                one.code, one.procedure, one.office, one.custodian,
                one.state if json else label("dossier_state", one.state), len(one.documents),
            )
            for one in answer.found
        ],
        as_json=json,
    )  # fmt: skip
