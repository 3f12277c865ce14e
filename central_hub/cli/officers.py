"""`central-hub officers add|list`: whose certificates may sign for which office."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.seals.errors import CertificateUnreadable
from central_hub.seals.registry import SignerRole, register, registration_of, registrations
from sync_protocol.adapters.terminal import print_json, say, show
from sync_protocol.glossary import label
from sync_protocol.ids import OfficeCode

app = cyclopts.App(name="officers", help="Sổ chứng thư: ai được ký cho cơ quan nào.")
_VIETNAM = dt.timezone(dt.timedelta(hours=7))


@app.command
def add(
    office: str,
    certificate: Annotated[Path, cyclopts.Parameter(help="Tệp chứng thư không kèm khóa (.cer, .pem).")],
    *,
    state: State,
    role: Annotated[SignerRole, cyclopts.Parameter(help="officer: viên chức; agency: chữ ký cơ quan.")] = "officer",
    account: Annotated[str, cyclopts.Parameter(help="Tài khoản viên chức tại điểm; để trống: mọi tài khoản.")] = "",
    until: Annotated[
        dt.date | None, cyclopts.Parameter(help="Ngày cuối được ký (mặc định: hết hạn chứng thư).")
    ] = None,
    json: AsJson = False,
) -> None:
    """Đăng ký chứng thư. Tệp từng bị giữ riêng chỉ vì thiếu đăng ký được kiểm tra lại."""
    try:
        content = certificate.read_bytes()
    except OSError as error:
        raise CertificateUnreadable(found=type(error).__name__) from error
    entry = registration_of(content, OfficeCode(office), role, account=account, until_ms=_end_of(until))
    hub = open_hub(state)
    try:
        again = hub.store.writer.run(lambda c: register(c, entry, hub.now_ms()))
    finally:
        hub.store.close()
    if json:
        print_json({"certificate": entry.certificate, "office": office, "role": role, "judged_again": again})
    else:
        say(f"Đã đăng ký chứng thư {entry.certificate.hex()[:16]}… cho {office}. Tệp kiểm tra lại: {again}.")


@app.command(name="list")
def show_all(office: str = "", *, state: State, json: AsJson = False) -> None:
    """Chứng thư đã đăng ký, của mọi cơ quan hoặc của một cơ quan."""
    hub = open_hub(state)
    try:
        found = hub.store.readers.run(lambda c: registrations(c, OfficeCode(office) if office else None))
    finally:
        hub.store.close()
    if json:
        print_json(found)
        return
    show(
        "Chứng thư được ký",
        {"office": "cơ quan", "role": "vai trò", "account": "tài khoản", "from": "từ", "until": "đến", "sha": "SHA-256"},
        [
            (one.office, label("signer_role", one.role), one.account, _day(one.from_ms), _day(one.until_ms), one.certificate.hex())
            for one in found
        ],
        as_json=False,
    )  # fmt: skip


def _end_of(day: dt.date | None) -> int | None:
    if day is None:
        return None
    return int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=_VIETNAM).timestamp() * 1000) - 1


def _day(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, _VIETNAM).strftime("%d/%m/%Y")
