"""A hub and desks in real state folders, joined by nothing but the commands that write and read a stick."""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.app import utc_now as hub_now
from central_hub.cli.commands import app as hub_app
from central_hub.enrolment import handout
from central_hub.enrolment.issuing import issue
from central_hub.folder import HubFolder, Running
from central_hub.ingest.feed import enter_scope
from edge_node.app import Node, utc_now
from edge_node.cli.commands import app as node_app
from edge_node.identity import StateFolder
from edge_node.initialise import initialise
from sync_protocol.adapters.keys import KeyFileOnDisk, Keys, unlock_keys
from sync_protocol.adapters.sealed_sticks import StickReader, open_stick
from sync_protocol.adapters.terminal import run_app
from sync_protocol.courier import CourierFile, CourierReply, read_courier, read_courier_reply
from sync_protocol.ids import NodeId, OfficeCode, RecordId
from tests.browser.hub import make_hub
from tests.central_hub.directory.desk_of_law import publish_shipped

PERSON = '{"kind":"person","name":"Nguyễn Thị Ấn","personal_id":"034194007325"}'
OFFICERS = """office_name = "BHXH cơ sở Đống Đa"
place = "Hà Nội"
[reading]
kind = "manual"
[[officers]]
account = "all"
name = "Nguyễn Thị Ẵm"
roles = ["intake", "resolving", "leader", "clerk", "archive", "administrator"]
"""


class Stage:
    """A hub's folder and what desks have been enrolled with it. Everything is done by commands, each of which opens and closes its side."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.root, self._capsys = root, capsys
        self.hub_root = root / "hub"
        hub = make_hub(self.hub_root, hub_now)  # type: ignore[arg-type]
        publish_shipped(hub, root)
        hub.folder.write_running(Running(1, "tls://127.0.0.1:1", "http://127.0.0.1:1"))
        hub.store.close()

        async def nobody_listens(*given: object) -> None:
            """The message server is not there: none of these desks ever meets one."""

        patch.setattr(handout, "push_accounts", nobody_listens)

    def hub(self) -> Hub:
        """The hub, open; the caller closes its store."""
        return Hub(self.hub_root, KeyFileOnDisk(HubFolder(self.hub_root).raw_key))

    def enrol(self, name: str, office: str, *, again: bool = False) -> Path:
        """A desk as its enrolment file leaves it, whose line never was."""
        hub = self.hub()
        handed, _ = asyncio.run(issue(hub, name, office, again=again))
        hub.store.close()
        root, settings = self.root / f"{name}{'-again' if again else ''}", self.root / "desk.toml"
        settings.write_text(OFFICERS, "utf-8")
        initialise(root, handed.sealed, handed.code, settings, None, utc_now(), secrets.token_bytes)
        return root

    def node(self, root: Path) -> Node:
        """A desk, open; the caller closes it."""
        return Node(root, KeyFileOnDisk(StateFolder(root).raw_key))

    def said(self, app: object, *words: str) -> tuple[int, dict[str, object]]:
        """Exit code and JSON of one command."""
        self._capsys.readouterr()
        code = 0
        try:
            run_app(app, [*words, "--json"])  # type: ignore[arg-type]
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, self.told = self._capsys.readouterr()
        return code, json.loads(out) if out.strip().startswith("{") else {}

    def receive(self, desk: Path) -> str:
        """One dossier at the counter; its code."""
        person = self.root / "an.json"
        person.write_text(PERSON, "utf-8")
        words = ("receive", "--procedure", "1.014166", "--applicant", str(person), "--submitter", "worker")
        code, said = self.said(node_app, *words, "--state", str(desk), "--officer", "all")
        assert code == 0, self.told
        return str(said["code"])

    def export(self, desk: Path, name: str = "out") -> Path:
        """What the desk carries away."""
        path = self.root / f"{desk.name}-{name}.courier"
        assert self.said(node_app, "export-courier", str(path), "--state", str(desk))[0] == 0, self.told
        return path

    def answer(self, stick: Path) -> tuple[int, dict[str, object], Path]:
        """What the hub says to it."""
        back = stick.with_suffix(".answer")
        return *self.said(hub_app, "courier", str(stick), str(back), "--state", str(self.hub_root)), back

    def read(self, desk: Path, back: Path) -> tuple[int, dict[str, object]]:
        """What the desk makes of the answer."""
        return self.said(node_app, "import-courier", str(back), "--state", str(desk))

    def trip(self, desk: Path) -> dict[str, object]:
        """There and back, with nothing refused."""
        code, _, back = self.answer(self.export(desk))
        assert code == 0, self.told
        code, said = self.read(desk, back)
        assert code == 0, self.told
        return said

    def keys(self, root: Path) -> Keys:
        """The keys of the hub or of a desk."""
        folder = HubFolder(root) if root == self.hub_root else StateFolder(root)
        return unlock_keys(folder.keys, KeyFileOnDisk(folder.raw_key))

    def sent(self, stick: Path) -> CourierFile:
        """What is on a stick for the hub, as the hub's own key opens it."""
        with stick.open("rb") as source:
            plain, _ = open_stick(source, "courier", hub="hub-test", reader=StickReader(self.keys(self.hub_root).sticks_key))
        return read_courier(plain, hub="hub-test")

    def answered(self, back: Path, desk: Path) -> CourierReply:
        """What the hub answered, as the desk's own key opens it."""
        node = NodeId(desk.name.removesuffix("-again"))
        with back.open("rb") as source:
            plain, _ = open_stick(source, "courier.reply", hub="hub-test", node=node, reader=StickReader(self.keys(desk).sticks_key))
        return read_courier_reply(plain, hub="hub-test", node=node)

    def entitle(self, rid: RecordId, office: str) -> None:
        """The hub lets an office hear of a dossier."""
        hub = self.hub()
        hub.store.writer.run(lambda c: enter_scope(c, rid, OfficeCode(office), hub.now_ms(), "custody"))
        hub.store.close()
