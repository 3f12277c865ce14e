"""`edge-node scan` and `work`: files become signed, read copies. The page count is typed first (Điều 8.2c)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import cyclopts
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from edge_node.app import Node
from edge_node.capture.jobs import Job, stopped_jobs, waiting_jobs
from edge_node.capture.service import hand_in, work_off
from edge_node.cli.opening import AsJson, State, Who, component_named, dossier_by_code, open_node, passphrase_of
from edge_node.errors import PageCountMissing
from edge_node.intake.service import Choice, add_component, component_of, declare
from sync_protocol.adapters.terminal import console, print_json, say
from sync_protocol.errors import Problem


def scan(
    code: str,
    component: str,
    *files: Path,
    state: State,
    officer: Who,
    pages: Annotated[int, cyclopts.Parameter(help="Số trang đếm trên bàn.")] = 0,
    note_pages: Annotated[list[int] | None, cyclopts.Parameter(help="Trang có giấy ghi chú (chụp hai lần).")] = None,
    form: str = "original",
    add: Annotated[
        str, cyclopts.Parameter(help="Tên giấy tờ ngoài danh mục của thủ tục: thêm thành phần mới rồi quét.")
    ] = "",
    later: Annotated[bool, cyclopts.Parameter(negative="", help="Chỉ cất tệp; máy đang chạy sẽ xử lý.")] = False,
    json: AsJson = False,
) -> None:
    """Đưa tệp quét của một thành phần vào: cất giữ, đếm trang, đọc, tạo PDF/A, ký cá nhân."""
    if pages < 1:
        raise PageCountMissing()
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        contents = [(path.name, path.read_bytes()) for path in files]
        if add:
            choice = Choice(
                decision="digitize",
                submitted_form=form,
                rule="4.1d",
                declared_pages=pages,
                note_pages=tuple(note_pages or ()),
            )
            made = add_component(
                node.desk, officer, view.rid, document_type=component, name=add, choice=choice, is_supplement=False
            )
            view = dossier_by_code(node.desk, code)
            part = component_of(view, made)
        else:
            part = component_named(view, component)
        if not part.decision:
            declare(
                node.desk, officer, view.rid, part,
                Choice(decision="digitize", submitted_form=form, declared_pages=pages, note_pages=tuple(note_pages or ())),
            )  # fmt: skip
        job = hand_in(
            node.desk,
            officer,
            view.rid,
            part.component_id,
            contents,
            declared_pages=pages,
            note_pages=tuple(note_pages or ()),
        )
        problems = [] if later else _work(node)
    finally:
        node.close()
    if json:
        print_json({"job": job, "later": later, "problems": [one.operator_line for one in problems]})
    if problems:
        raise problems[0]


def work(*, state: State, json: AsJson = False) -> None:
    """Làm tiếp các lượt quét còn dở (sau khi mất điện, hoặc đã cất bằng --later)."""
    node = open_node(state)
    try:
        problems = _work(node)
        stopped = node.store.readers.run(stopped_jobs)
    finally:
        node.close()
    if json:
        print_json({"stopped": [{"job": one.id, "code": one.problem, "sentence": one.sentence} for one in stopped]})
    if problems:
        sys.exit(1)


def _work(node: Node) -> list[Problem]:
    waiting = node.store.readers.run(waiting_jobs)
    if not waiting:
        return []
    for account in {job.task.officer for job in waiting}:
        node.open_key(account, passphrase_of(node, account))
    problems: list[Problem] = []
    columns = (TextColumn("Đọc, tạo PDF/A, ký"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        bar = progress.add_task("", total=len(waiting))

        def told(job: Job, problem: Problem | None) -> None:
            progress.advance(bar)
            if problem is not None:
                problems.append(problem)
                say(f"{problem.clerk_sentence} {problem.clerk_next_step} ({problem.code})")

        work_off(node.desk, node.key_of, told)
    return problems
