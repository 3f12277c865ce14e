"""Hub and offices of the story: initialised, enrolled, with officers, keys and trust. Everything through the product's own commands."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.authority import PASSPHRASE, Authority
from deploy.demo.job.line import Relay
from deploy.demo.job.stage import Actor, free_port, is_listening, wait_for
from deploy.demo.secrets_folder import write_secret
from deploy.demo.timestamp_authority import TimestampAuthority

PASSWORD = "mat-khau-man-dien"  # of every account of the demonstration; printed when it stays open
_SETTINGS = """office_name = "{name}"
parent_name = "{parent}"
place = "{place}"
passphrase_file = "keys/passphrase"

[web]
port = {port}

[agency]
name = "{agency}"
key_file = "keys/agency.p12"

[trust]
folder = "trust"

[[officers]]
account = "{account}"
name = "{officer}"
roles = ["intake", "resolving", "leader", "administrator"]
key_file = "keys/officer.p12"

[[officers]]
account = "vanthu"
name = "Văn thư {name}"
roles = ["clerk"]
"""


@dataclass
class Office:
    """One office on the stage."""

    letter: str
    node: str
    code: str
    name: str
    parent: str
    place: str
    account: str
    officer: str
    key: str
    actor: Actor
    port: int
    line: Relay

    @property
    def page(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"


def open_hub(folder: Path, authority: Authority) -> tuple[Actor, int, int]:
    """A fresh hub with its catalogue and its trust, serving; (hub, bus port, page port)."""
    hub = Actor("hub", folder / "hub")
    bus, web = free_port(4222), free_port(8030)
    hub.run("init", "--name", "trungtam", "--bus-port", str(bus), "--web-port", str(web))
    hub.run("catalogue build", "--json")
    _put_trust(hub.state / "tin-cay", authority)
    stamps = TimestampAuthority(authority).server()
    threading.Thread(target=stamps.serve_forever, daemon=True).start()
    with (hub.state / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[seals]\ntrust_folder = "tin-cay"\ntsa_url = "http://127.0.0.1:{stamps.server_port}/"\n')
    word = folder / "password"
    write_secret(word, PASSWORD.encode())
    hub.run("account", "vanhanh", "operator", "conflict_officer", "--password-file", word)
    hub.start("serve")
    wait_for("trung tâm", lambda: hub.stands() and (hub.state / "running.json").exists() and is_listening(web))
    return hub, bus, web


def open_office(hub: Actor, bus: int, folder: Path, authority: Authority, office: Office) -> None:
    """Enrol, initialise and start one office. Its file and its code travel on two ways; here both end in this process."""
    state = office.actor.state
    bundle = folder / f"{office.node}.ket-noi"
    handed = hub.run(
        "enrol", office.node, office.code, "--out", bundle, "--server", f"tls://localhost:{office.line.port}", "--json"
    )
    settings = folder / f"{office.node}.toml"
    settings.write_text(
        _SETTINGS.format(
            name=office.name, parent=office.parent, place=office.place, port=office.port, agency=office.name,
            account=office.account, officer=office.officer,
        ),
        encoding="utf-8",
    )  # fmt: skip
    office.actor.run("init", "--bundle", bundle, "--code", handed["code"], "--settings", settings)
    keys = state / "keys"
    keys.mkdir()
    shutil.copy(authority.people[office.key].p12 or "", keys / "officer.p12")
    shutil.copy(authority.people["agency"].p12 or "", keys / "agency.p12")
    write_secret(keys / "passphrase", PASSPHRASE)
    _put_trust(state / "trust", authority)
    for person, role in ((office.key, "officer"), ("agency", "agency")):
        certificate = folder / f"{office.node}-{role}.cer"
        certificate.write_bytes(authority.people[person].der)
        hub.run("officers add", office.code, certificate, "--role", role, "--json")
    for account in (office.account, "vanthu"):
        office.actor.run("account", account, "--password-file", folder / "password")
    start_office(office)


def _put_trust(folder: Path, authority: Authority) -> None:
    """Whom to believe, as files: the demonstration authority and its revocation lists."""
    folder.mkdir()
    (folder / "demo.root.der").write_bytes(authority.root.der)
    (folder / "demo.issuer.der").write_bytes(authority.issuing.der)
    for number, revoked in enumerate(authority.crls):
        (folder / f"{number}.crl").write_bytes(revoked)


def start_office(office: Office) -> None:
    """Start the node and wait for its first page."""
    office.actor.start("serve")
    wait_for(f"điểm {office.node}", lambda: office.actor.stands() and is_listening(office.port))
