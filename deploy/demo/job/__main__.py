"""`python -m deploy.demo.job`: the main job from paper to repository, end to end.

--once         play, print the closing table, stop everything; exit 1 if any count differs
--scans DIR    let the visitor's own JPEG/PNG/TIFF/PDF files go the whole way at office A and on to office B
--folder DIR   where the state of this run lies (made anew)
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import shutil
import signal
import sys
from pathlib import Path

from rich.console import Console

from deploy.demo.authority import PASSPHRASE, make_authority
from deploy.demo.job import story
from deploy.demo.job.line import Relay
from deploy.demo.job.offices import PASSWORD, Office, open_hub, open_office
from deploy.demo.job.papers import Case, own_cases, visitor_case
from deploy.demo.job.stage import ROOT, Actor, CommandFailed, free_port
from deploy.demo.job.table import close


def main() -> int:
    """Play; 0 when every count agrees."""
    words = argparse.ArgumentParser(prog="deploy/demo.sh")
    words.add_argument("--once", action="store_true")
    words.add_argument("--scans", type=Path)
    words.add_argument("--folder", type=Path, default=ROOT / ".cache" / "demo" / "run")
    words.add_argument("--papers", type=Path, default=ROOT / ".cache" / "demo" / "papers")
    chosen = words.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)  # in a file the tables want their room
    console.print("[bold]DỮ LIỆU MẪU[/] · mọi người và số trong màn này đều do dự án đặt ra")
    shutil.rmtree(chosen.folder, ignore_errors=True)
    chosen.folder.mkdir(parents=True, mode=0o700)
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal leaves nothing running behind
        signal.signal(number, _leave)
    play: story.Play | None = None
    try:
        play = _open(chosen.folder, console)
        agreed = (
            _play_visitor(play, visitor_case(chosen.scans)) if chosen.scans else _play(play, own_cases(chosen.papers))
        )
        agreed = close(play, console) and agreed
        if not chosen.once:
            _stay(play, console)
        return 0 if agreed else 1
    except (CommandFailed, AssertionError) as error:
        console.print(f"[red]{error}[/]", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Đã dừng giữa chừng.")
        return 130
    finally:
        if play is not None:
            for actor in (play.a.actor, play.b.actor, play.hub):
                actor.stop()


def _open(folder: Path, console: Console) -> story.Play:
    console.print("▸ mở trung tâm, đăng ký hai điểm ở hai tỉnh")
    authority = make_authority(folder / "authority", dt.datetime.now(dt.UTC), agency="Bảo hiểm xã hội cơ sở Thái Bình")
    hub, bus, web = open_hub(folder, authority)
    console.print(f"  trung tâm: http://127.0.0.1:{web}")
    offices = [
        Office(
            "A", "n00101a", "00101", "Bảo hiểm xã hội cơ sở Ba Đình", "Bảo hiểm xã hội thành phố Hà Nội", "Hà Nội", "cb.nhan",
            "Nguyễn Thị Ẵm", "officer_rsa", Actor("node", folder / "a"), free_port(8040), Relay(bus),
        ),
        Office(
            "B", "n03401a", "03401", "Bảo hiểm xã hội cơ sở Thái Bình", "Bảo hiểm xã hội tỉnh Hưng Yên", "Hưng Yên", "cb.giai",
            "Trần Văn Ộp Ữ", "officer_p256", Actor("node", folder / "b"), free_port(8041), Relay(bus),
        ),
    ]  # fmt: skip
    for office in offices:
        open_office(hub, bus, folder, authority, office)
        console.print(f"  điểm {office.letter} ({office.name}): {office.page}")
    return story.Play(hub, offices[0], offices[1], folder, console.print, f"http://127.0.0.1:{web}")


def _play(play: story.Play, cases: dict[str, Case]) -> bool:
    at_a = [cases["mother"], cases["employer"], cases["survivor"]]
    play.timed("cắt đường dây của A", play.a.line.cut)
    play.timed("A nhận ba hồ sơ khi mất mạng", lambda: [story.receive(play, play.a, case) for case in at_a])
    play.timed("giết A giữa chừng rồi khởi động lại", lambda: story.kill_in_the_middle(play, play.a, 2))
    play.timed("A đọc, tạo PDF/A, ký cá nhân", lambda: story.finish_reading(play, play.a))
    play.timed("A xác nhận, cấp mã, in phiếu, chuyển hồ sơ", lambda: [_confirm(play, case) for case in at_a])
    play.timed("nối lại đường dây của A", play.a.line.mend)
    play.timed("hàng chờ của A gửi hết, từng mục có xác nhận", lambda: story.drain(play, play.a))
    play.timed(
        "B tra cứu, nhận quyền, bổ sung, ra kết quả, ký cơ quan",
        lambda: story.continue_elsewhere(play, cases["mother"], cases["supplement"], cases["result"]),
    )
    play.timed("hàng chờ của B gửi hết", lambda: story.drain(play, play.b))
    play.timed("A thấy kết quả và trả cho người nộp", lambda: story.give_back(play))
    play.timed("người ấy nộp hồ sơ thứ hai tại B", lambda: story.reuse(play, cases["second"]))
    story.finish_reading(play, play.b)
    story.confirm(play, play.b, cases["second"], play.codes["second"])
    _settle(play)
    return True


def _play_visitor(play: story.Play, case: Case) -> bool:
    """The visitor's files: whatever cannot be read says so and stops nothing."""
    play.timed("cắt đường dây của A", play.a.line.cut)
    play.timed("A nhận hồ sơ của khách", lambda: story.receive(play, play.a, case))
    play.timed("A đọc, tạo PDF/A, ký cá nhân", lambda: story.finish_reading(play, play.a))
    play.stopped = len(play.a.actor.run("queue", "--json")["jobs_stopped"])
    play.declared_pages = story.pages_of_signed(play, play.codes[case.key])
    play.timed("A xác nhận, cấp mã, in phiếu, chuyển hồ sơ", lambda: _confirm(play, case))
    play.timed("nối lại đường dây của A", play.a.line.mend)
    play.timed("hàng chờ của A gửi hết, từng mục có xác nhận", lambda: story.drain(play, play.a))
    _settle(play)
    play.say(f"  {play.stopped} tệp cần người xem, mỗi tệp có lý do và vẫn còn nguyên")
    return True


def _confirm(play: story.Play, case: Case) -> None:
    code, a = play.codes[case.key], play.a
    story.confirm(play, a, case, code)
    a.actor.run("slip", code, "--officer", a.account, "--out", play.folder / f"giay-tiep-nhan-{case.key}.pdf", "--json")
    a.actor.run("hand-over", code, "--officer", a.account)


def _settle(play: story.Play) -> None:
    """Everything at the hub, a verified backup made, and both offices level with it."""
    for office in (play.a, play.b):
        story.drain(play, office)
    play.timed("trung tâm kiểm tra chữ ký mọi tệp, đóng dấu thời gian", lambda: story.examine(play))
    play.hub.run("backup", "--json")
    for office in (play.a, play.b, play.a):
        office.actor.run("sync", "--json")


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)


def _stay(play: story.Play, console: Console) -> None:
    console.print("Trung tâm và hai điểm đang chạy. Ctrl+C để dừng.")
    for name, place, account in (
        ("trung tâm", play.hub_page, "vanhanh"), ("điểm A", play.a.page, play.a.account), ("điểm B", play.b.page, play.b.account),
    ):  # fmt: skip
        console.print(f"  {name}: {place} · tài khoản {account} · mật khẩu {PASSWORD}")
    console.print(f"  ở mỗi điểm còn tài khoản vanthu (văn thư), cùng mật khẩu; mật khẩu chữ ký số cơ quan: {PASSPHRASE.decode()}")
    console.print("Thử: ở điểm A mở Tiếp nhận, gõ “sinh con” ở ô Thủ tục, nhận một hồ sơ; vài giây sau dòng trên cùng cho thấy trung tâm đã nhận.")
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            signal.pause()


if __name__ == "__main__":
    sys.exit(main())
