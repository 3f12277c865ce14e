"""The story, scene by scene. Each scene uses only what the product offers to an officer or an operator."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from deploy.demo.job.officer import Looked, confirm_all
from deploy.demo.job.offices import Office, start_office
from deploy.demo.job.papers import Case, Component
from deploy.demo.job.stage import Actor, wait_for

Say = Callable[[str], None]
READ_S = 900.0
DRAIN_S = 300.0
_WHO = {
    "mother": "người mẹ", "employer": "đơn vị", "survivor": "thân nhân", "second": "người mẹ, hồ sơ thứ hai", "visitor": "khách",
}  # fmt: skip


@dataclass
class Play:
    """Everybody on the stage, and what the closing table will say."""

    hub: Actor
    a: Office
    b: Office
    folder: Path
    say: Say
    hub_page: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    rids: dict[str, str] = field(default_factory=dict)
    looked: Looked = field(default_factory=Looked)
    seconds: dict[str, float] = field(default_factory=dict)
    declared_pages: int = 0
    stopped: int = 0  # files of a visitor that wait for a person

    def timed(self, scene: str, work: Callable[[], Any]) -> Any:
        """Play a scene and remember how long it took."""
        self.say(f"▸ {scene}")
        began = time.monotonic()
        result = work()
        self.seconds[scene] = time.monotonic() - began
        return result


def receive(play: Play, office: Office, case: Case) -> None:
    """A case is accepted at the counter and its components are handed in; the reading goes on behind."""
    person = play.folder / f"{case.key}.json"
    person.write_bytes(msgspec.json.encode(case.applicant))
    got = office.actor.run(
        "receive", "--officer", office.account, "--procedure", case.procedure, "--applicant", person, "--channel", case.channel,
        "--submitter", case.submitter, "--json",
    )  # fmt: skip
    person.unlink()
    play.codes[case.key], play.rids[case.key] = got["code"], got["rid"]
    planned = {one["type"] for one in got["components"]}
    for component in case.components:
        scan(play, office, got["code"], component, is_planned=component.document_type in planned)
        planned.discard(component.document_type)
    due = dt.date.fromisoformat(got["due_date"])
    play.say(f"  {_WHO.get(case.key, case.key)}: {got['code']}, hẹn trả {due:%d/%m/%Y}, {len(case.components)} thành phần")


def scan(play: Play, office: Office, code: str, component: Component, *, is_planned: bool) -> None:
    """Count the pages on the desk, then hand the files in."""
    words: list[str | Path] = ["scan", code, component.document_type, *component.files, "--officer", office.account]
    words += ["--pages", str(component.pages), "--form", component.form, "--later", "--json"]
    for page in component.note_pages:
        words += ["--note-pages", str(page)]
    if not is_planned:
        words += ["--add", component.name]
    office.actor.run(*words)
    play.declared_pages += component.pages


def kill_in_the_middle(play: Play, office: Office, after: int) -> None:
    """When some papers are read and others are not: SIGKILL. Then start again and see that nothing saved is missing."""
    wait_for("vài giấy tờ đã đọc xong", lambda: office.actor.run("status", "--json")["jobs_done"] >= after, READ_S)
    office.actor.kill()
    before = office.actor.run("status", "--json")
    play.say(
        f"  giết tiến trình điểm {office.letter}: xong {before['jobs_done']}, còn {before['jobs_waiting']} lượt quét"
    )
    start_office(office)
    later = office.actor.run("status", "--json")
    if later["own_events"] < before["own_events"] or later["jobs_done"] < before["jobs_done"]:
        raise AssertionError("something saved is missing after SIGKILL")


def finish_reading(play: Play, office: Office) -> None:
    """Wait until every handed-in paper is a signed copy, or waits for a person with its reason."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(f"  điểm {office.letter}: đọc, PDF/A, ký"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def look() -> bool:
            now = office.actor.run("status", "--json")
            total = now["jobs_done"] + now["jobs_waiting"] + now["jobs_stopped"]
            progress.update(bar, completed=total - now["jobs_waiting"], total=total)
            return bool(now["jobs_waiting"] == 0)

        wait_for("mọi giấy tờ đã đọc", look, READ_S)
    for one in office.actor.run("queue", "--json")["jobs_stopped"]:
        play.say(f"  cần xem ({one['code']}): {one['sentence']}")


def confirm(play: Play, office: Office, case: Case, code: str) -> None:
    """The officer confirms every paper, gives codes, prints the receipt."""
    coded = confirm_all(office, code, case.truth, play.looked)
    play.say(f"  {code}: {coded} giấy tờ đã xác nhận và cấp mã")


def pages_of_signed(play: Play, code: str) -> int:
    """Pages declared for the components that became a signed copy."""
    components = play.a.actor.run("show-dossier", code, "--json")["components"]
    return sum(one["declared_pages"] for one in components if one["state"] not in ("required", "captured"))


def drain(play: Play, office: Office) -> None:
    """Watch the queue run dry; each item has the hub's signed acknowledgement then."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(f"  điểm {office.letter}: gửi lên trung tâm"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def look() -> bool:
            now = office.actor.run("status", "--json")
            total = now["own_events"] + now["files_local"]
            left = now["waiting"] + now["files_waiting"]
            progress.update(bar, completed=total - left, total=total)
            return bool(left == 0)

        wait_for(f"hàng chờ của điểm {office.letter} gửi hết\n{office.actor.said()}", look, DRAIN_S)


def examine(play: Play) -> None:
    """Wait until the hub has judged every file it holds, and stamped every one it accepted."""

    def look() -> bool:
        now = play.hub.run("status", "--json")["totals"]
        judged = now["files_accepted"] + now["files_quarantined"]
        return bool(judged == now["files_referenced"] and now["files_preserved"] == now["files_accepted"])

    wait_for(f"trung tâm kiểm tra mọi tệp\n{play.hub.said()}", look, DRAIN_S)


def continue_elsewhere(play: Play, mother: Case, supplement: Case, result: Case) -> None:
    """Office B finds the dossier, takes it over, adds a supplement, decides, and the agency signs."""
    code, rid, b = play.codes["mother"], play.rids["mother"], play.b
    purpose = [
        "--officer",
        b.account,
        "--dossier",
        code,
        "--reason",
        "Người nộp đề nghị giải quyết tiếp tại nơi cư trú",
    ]
    found = b.actor.run("lookup", mother.applicant["personal_id"], "--by", "personal_id", *purpose, "--json")
    papers = [paper["document_type"] for one in found["found"] for paper in one["documents"]]
    play.say(f"  B tra cứu: {len(found['found'])} hồ sơ, giấy tờ đã có mã: {', '.join(papers)}")
    taken = b.actor.run("take", rid, *purpose, "--steps", "take_up", "--json")
    play.say(
        f"  B nhận quyền giải quyết (hàng rào {taken['fence']}), tải {taken['documents']} tệp, {taken['file_bytes']} byte"
    )
    for case, kind in ((supplement, ""), (result, result.result_code)):
        for component in case.components:
            b.actor.run(
                "supplement", code, kind or component.document_type, *component.files, "--officer", b.account, "--name",
                component.name, "--pages", str(component.pages), "--json",
            )  # fmt: skip
            play.declared_pages += component.pages
            truth = {kind or component.document_type: component.truth}
            confirm_all(b, code, truth, play.looked)
    decision = next(one for one in b.actor.run("show-dossier", code, "--json")["documents"] if _is_result(one, result))
    b.actor.run(
        "decide", code, "--officer", b.account, "--outcome", "granted", "--result-code", result.result_code, "--number",
        decision["values"].get("number_symbol", ""), "--issue-date", decision["values"].get("issue_date", ""), "--document",
        decision["id"],
    )  # fmt: skip
    sealed = b.actor.run("seal", code, "--officer", "vanthu", "--json")
    bad = [one for one in sealed if one["problem"]]
    if bad:
        raise AssertionError(f"agency signature failed: {bad[0]['sentence']}")
    play.say(f"  B ra kết quả và ký số cơ quan {len(sealed)} tệp")


def _is_result(document: dict[str, Any], result: Case) -> bool:
    return any(code.find(result.result_code) >= 0 for code in document["codes"])


def give_back(play: Play) -> None:
    """A sees the result and hands it to the person."""
    a, code = play.a, play.codes["mother"]
    wait_for("A thấy kết quả", lambda: a.actor.run("show-dossier", code, "--json")["state"] == "result_ready", DRAIN_S)
    a.actor.run("give-back", code, "--officer", a.account)
    play.say(f"  A trả kết quả hồ sơ {code}")


def reuse(play: Play, second: Case) -> None:
    """The same person again, at B: the coded birth certificate is on file, so nobody asks for it."""
    receive(play, play.b, second)
    got = play.b.actor.run(
        "reuse", play.codes["second"], "GKS", "--officer", play.b.account, "--add", "Giấy khai sinh của con", "--json"
    )
    play.say(f"  B dùng lại giấy khai sinh {got['code']} (giá trị pháp lý: {'có' if got['legal'] else 'chưa'})")
