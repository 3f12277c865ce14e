"""A node in a temporary folder with invented dossiers, and its pages served on loopback for a real browser."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher
from litestar import Litestar

from central_hub.directory.build import SOURCES, build_catalogue
from edge_node.app import Node
from edge_node.identity import Identity, StateFolder
from edge_node.incarnation import Lane, prepare
from edge_node.people.passwords import open_passwords
from edge_node.store.node_store import NodeStore
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from sync_protocol.adapters import event_log
from sync_protocol.adapters.anchor import AnchorFile
from sync_protocol.adapters.keys import KeyFileOnDisk, create_keys, create_raw_key_file
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.messages import CatalogueOffer

PASSWORD = "một mật khẩu dài"
ROLES = ("intake", "postal", "resolving", "leader", "clerk", "archive", "administrator")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HUB_SIGNER = SoftwareSigner(b"H" * 32)


class Clock:
    """A clock that moves only when a test says so."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at


_CATALOGUE: dict[str, tuple[bytes, bytes]] = {}


def catalogue_file(folder: Path) -> tuple[bytes, bytes]:
    """The published sources as a signed file, built once per test run: (bytes, signature)."""
    if "built" not in _CATALOGUE:
        path = folder / "built.db"
        made = build_catalogue(
            SOURCES, path, version="2026.11", built_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), sign=HUB_SIGNER.sign
        )
        _CATALOGUE["built"] = (path.read_bytes(), made.signature)
    return _CATALOGUE["built"]


def make_node(root: Path, clock: Clock, *, roles: tuple[str, ...] = ROLES, settings: str = "", office: str = "00101") -> Node:
    """A node as an enrolment would leave it: keys, database, lane, code block, catalogue; one account per role and one with all."""
    root.mkdir(parents=True, exist_ok=True)
    folder = StateFolder(root)
    create_raw_key_file(folder.raw_key)
    keys = create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])
    officers = [("all", "Nguyễn Thị Ẵm Ữ", roles), *((f"only-{role}", f"Chỉ {role}", (role,)) for role in roles)]
    rows = "".join(
        f'[[officers]]\naccount = "{account}"\nname = "{name}"\nroles = [{", ".join(chr(34) + r + chr(34) for r in held)}]\n'
        for account, name, held in officers
    )
    folder.settings.write_text(
        f'office_name = "BHXH cơ sở Đống Đa"\nplace = "Hà Nội"\n{settings}\n[reading]\nkind = "manual"\n{rows}', "utf-8"
    )
    store = NodeStore(folder.database, keys.database_key)
    inc = Incarnation(secrets.token_bytes(16))
    store.writer.run(lambda c: event_log.open_lane(c, NodeId(f"n{office}a"), inc, "own"))
    state = store.writer.run(lambda c: prepare(c, secrets.token_bytes(16)))
    Lane(store, AnchorFile(folder.anchor), secrets.token_bytes, lambda: 0).anchor_to(state)
    store.writer.run(lambda c: c.execute("INSERT INTO code_block VALUES(?,?,?,?)", (inc, office, 1, 500)).fetchone())
    store.close()
    folder.write_identity(
        Identity(
            node=NodeId(f"n{office}a"), office=OfficeCode(office), hub="hub-test", hub_public_key=HUB_SIGNER.public_key, servers=(),
            server_name=None, authority_pem=b"", credentials="", bundle=b"",
        )
    )  # fmt: skip
    node = Node(root, KeyFileOnDisk(folder.raw_key), now=clock)
    content, signature = catalogue_file(root)
    import hashlib

    from sync_protocol.ids import BlobDigest

    node.catalogues.take(
        CatalogueOffer(
            version=202611, digest=BlobDigest(hashlib.sha256(content).digest()), size=len(content), signature=signature
        ),
        content,
    )
    passwords = open_passwords(root, CHEAP)
    for account, _, _ in officers:
        passwords.set(account, PASSWORD)
    return node


def web_of(node: Node, live: LiveState | None = None) -> Litestar:
    """The node's pages with a cheap password hash."""
    return make_web(node, live or LiveState(), passwords=open_passwords(node.folder.root, CHEAP))


@contextmanager
def served(app: Litestar) -> Iterator[str]:
    """The application on a free port of loopback, in a thread of its own; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on"))
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: object = None) -> None:
        await startup(sockets)  # type: ignore[arg-type]
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(15), "the pages did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
