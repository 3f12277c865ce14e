"""`edge-node status` and `queue`: what is where, and what holds the queue."""

from __future__ import annotations

import datetime as dt

from edge_node.bootstrap.progress import read_progress
from edge_node.capture.jobs import stopped_jobs, waiting_jobs
from edge_node.cli.opening import AsJson, State, open_node
from edge_node.existence.asking_again import repeats_with_finds
from edge_node.existence.known import TAKEN_MS
from edge_node.operations.overview import overview, waiting_items
from edge_node.store.node_store import read_number
from edge_node.sync.comparing import last_comparison
from edge_node.sync.not_taken import KIND_LABELS, not_taken
from edge_node.sync.refusal import refusal
from sync_protocol.adapters.terminal import print_json, show, show_facts
from sync_protocol.glossary import label


def status(*, state: State, json: AsJson = False) -> None:
    """Tình trạng điểm: đã nhận bao nhiêu, trung tâm đã nhận bao nhiêu, bao nhiêu việc cần xem."""
    node = open_node(state)
    try:
        found = node.store.readers.run(overview)
        filling = node.store.readers.run(read_progress)
        index_ms = node.store.readers.run(lambda c: read_number(c, TAKEN_MS))
        repeats = node.store.readers.run(repeats_with_finds)
        standings = node.certificate_standings()
        compared = node.store.readers.run(last_comparison)
        refused = node.store.readers.run(refusal)
        aside = node.store.readers.run(not_taken)
    finally:
        node.close()
    facts: dict[str, object] = {
        "node": node.identity.node, "office": node.identity.office, **found.counts, "stage_seconds": found.stages, "certificates": standings,
        "existence_as_of": _time(index_ms) if index_ms else "", "known_elsewhere": len(repeats),
        "compared_at": _time(compared.at_ms) if compared else "", "ranges_differing": len(compared.differing) if compared else 0,
        "hub_refuses": refused.code if refused else "", "hub_refuses_since": _time(refused.since_ms) if refused else "", "not_taken": aside,
        "first_filling": f"{filling.phase} {filling.done}/{filling.parts}" if filling.parts else filling.phase,
    }  # fmt: skip
    if json:
        print_json(facts)
        return
    show_facts(
        f"Điểm {node.identity.node}",
        {name: value for name, value in facts.items() if name not in ("stage_seconds", "certificates", "not_taken")},
        as_json=False,
    )
    rows = [(refused.code, refused.sentence, refused.next_step)] if refused else []
    rows += [(code, f"{KIND_LABELS[kind]} không nhận được, bản cũ vẫn dùng", f"Sổ tay vận hành: trang {code}.") for kind, code in aside.items()]
    if rows:
        show("Với trung tâm", {"code": "mã", "finding": "thấy gì", "next_step": "việc tiếp theo"}, rows, as_json=False)
    if standings:
        columns = {
            "account": "chứng thư của",
            "days": "còn (ngày)",
            "list": "tuổi danh sách thu hồi (ngày)",
            "warning": "cần biết",
        }
        certificates = [
            (one.account, one.days_left, one.list_days, f"{one.warning} {one.next_step}".strip()) for one in standings
        ]
        show("Chứng thư ký số", columns, certificates, as_json=False)


def queue(*, state: State, json: AsJson = False) -> None:
    """Hàng chờ gửi: từng mục, tuổi, lý do."""
    node = open_node(state)
    try:
        items = node.store.readers.run(waiting_items)
        jobs = node.store.readers.run(waiting_jobs)
        stopped = node.store.readers.run(stopped_jobs)
    finally:
        node.close()
    if json:
        print_json({
            "items": items, "jobs_waiting": len(jobs),
            "jobs_stopped": [{"job": one.id, "code": one.problem, "sentence": one.sentence} for one in stopped],
        })  # fmt: skip
        return
    show(
        "Chờ gửi",
        {"kind": "loại", "where": "mục", "since": "từ lúc", "bytes": "byte", "word": "đang ở đâu"},
        [(one.kind, one.name, _time(one.since_ms), one.bytes, label("sync_word", one.word)) for one in items],
        as_json=False,
    )
    if stopped:
        show(
            "Lượt quét cần xem",
            {"code": "mã", "sentence": "việc cần làm"},
            [(j.problem, j.sentence) for j in stopped],
            as_json=False,
        )


def _time(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.timezone(dt.timedelta(hours=7))).strftime("%H:%M %d/%m/%Y")
