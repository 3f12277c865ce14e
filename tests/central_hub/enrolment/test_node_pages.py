"""Nodes on screen, over a real message server: enrolled, looked at, issued again, revoked; with what they had not delivered."""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from central_hub.app import Hub, utc_now
from central_hub.enrolment.undelivered import undelivered
from central_hub.folder import Running
from central_hub.ingest.nodes import enrol_node, find_node, keep_hello
from central_hub.operations.fleet import read_fleet
from central_hub.operations.watching import keep_presence
from central_hub.seals.registry import registrations
from edge_node.errors import OtherNodesBundle
from edge_node.identity import Identity, StateFolder
from edge_node.initialise import initialise
from edge_node.renewal import renew
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.enrolment_bundle import open_bundle
from sync_protocol.adapters.enrolment_errors import WrongCode
from sync_protocol.adapters.keys import KeyFileOnDisk, unlock_keys
from sync_protocol.adapters.settings_errors import SettingsRejected
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.errors import Problem
from sync_protocol.ids import GENESIS, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import Hello, LaneHead
from sync_protocol.subjects import inbox_prefix
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.directory.desk_of_law import acts, publish_shipped, receive
from tests.central_hub.web.person import Person
from tests.doubles.line import Line

NODE = NodeId("n00101a")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root = tmp_path_factory.mktemp("nodes")
    clock = Clock()
    clock.at = utc_now()  # the message server judges credentials by the real time
    one = make_hub(root / "hub", clock, "[bus]\nport = 0\n")  # the server takes a free port
    publish_shipped(one, root)
    loop = asyncio.new_event_loop()
    beside = threading.Thread(target=loop.run_forever, daemon=True)
    beside.start()
    server = asyncio.run_coroutine_threadsafe(one.serve_bus(), loop).result(60)
    one.folder.write_running(Running(1, server, "http://127.0.0.1"))
    yield one
    asyncio.run_coroutine_threadsafe(one.stop(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    beside.join(10)


@pytest.fixture(scope="module")
def app(hub: Hub) -> Litestar:
    return web_of_hub(hub)


def code_on(page: str) -> str:
    found = re.search(r"<dt>Mã một lần</dt><dd>([^<]+)</dd>", page)
    assert found is not None, re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
    return found[1]


def test_a_node_is_enrolled_looked_at_issued_again_and_revoked(hub: Hub, app: Litestar) -> None:
    operator, auditor = Person(app, "operator"), Person(app, "auditor")
    code = code_on(operator.post("/nodes", {"node": NODE, "office": "00101"}).text)
    sealed = operator.get(f"/nodes/{NODE}/file")
    assert 'filename="n00101a.lienthong"' in sealed.headers["content-disposition"]
    bundle = open_bundle(sealed.content, code, hub.now())
    assert (bundle.node, bundle.office_code) == (NODE, "00101") and {"catalogue", "code_block", "incarnation"} <= set(
        bundle.extra
    )
    gone = operator.get(f"/nodes/{NODE}/file")
    assert gone.status_code == 410 and "ENR-021" in gone.text

    taken = operator.post("/nodes", {"node": NODE, "office": "00101"})
    assert taken.status_code >= 400 and "ENR-013" in taken.text
    lacks = hello_of(hub)
    page = auditor.get(f"/nodes/{NODE}").text
    for said in ("7 · 1,3 MB", "Còn những mục dưới đây chưa tới", "1–500", "Còn thiếu"):
        assert said in page, said
    assert "Thu hồi điểm" not in page and lacks == 4

    again = operator.post(f"/nodes/{NODE}/again", {"reason": "máy hỏng"})
    assert code_on(again.text) != code
    fresh = open_bundle(operator.get(f"/nodes/{NODE}/file").content, code_on(again.text), hub.now())
    assert fresh.credentials != bundle.credentials and fresh.extra["incarnation"] != bundle.extra["incarnation"]
    assert operator.post(f"/nodes/{NODE}/revoke", {"reason": ""}).status_code == 400
    assert operator.post(f"/nodes/{NODE}/revoke", {"reason": "máy bị lấy cắp"}).status_code == 303
    assert "Đã thu hồi" in operator.get(f"/nodes/{NODE}").text and hub.registry.record(NODE).is_revoked
    assert [what for who, what in acts(hub) if who == "operator"] == ["node.enrol", "node.again", "node.revoke"]


def hello_of(hub: Hub) -> int:
    """A hello that tells of five events of which the hub holds one; returns how many are missing."""
    receive(hub, 1, procedure="1.014166")
    head = LaneHead(Incarnation(b"i" * 16), 5, GENESIS)
    hello = Hello(
        versions=(1, 1), software="x", office=OfficeCode("00101"), inc=Incarnation(b"i" * 16), heads=(head,), epoch=None, cursor=0,
        clock_ms=hub.now_ms(), queue_events=7, queue_oldest_ms=hub.now_ms() - 60_000, queue_bytes=1_260_000,
    )  # fmt: skip
    hub.store.writer.run(lambda c: keep_hello(c, NODE, hello, hub.now_ms()))
    found = hub.store.readers.run(lambda c: undelivered(c, find_node(c, NODE)))
    return sum(lane.missing for lane in found.lanes)


def test_a_node_of_an_office_that_does_not_stand_is_not_enrolled(app: Litestar) -> None:
    operator = Person(app, "operator")
    for typed, code in (
        ({"node": "n034a", "office": "034"}, "ENR-020"),
        ({"node": "", "office": "033"}, "WEB-031"),
        ({"node": "Ẵ!", "office": "033"}, "BUS-001"),
    ):
        answer = operator.post("/nodes", typed)
        assert answer.status_code >= 400 and code in answer.text, (typed, answer.text)
    assert operator.get("/nodes/n034a").status_code == 404


def test_only_the_form_that_lacks_its_reason_stands_open(hub: Hub, app: Litestar) -> None:
    node, operator = NodeId("n00133a"), Person(app, "operator")
    hub.store.writer.run(lambda c: enrol_node(c, node, OfficeCode("00101"), b"k" * 32, 1))
    for way, sent, tried in (("again", {"keeps_log": "1"}, "rekey"), ("again", {}, "again"), ("revoke", {}, "revoke")):
        page = operator.post(f"/nodes/{node}/{way}", {"reason": "", **sent}).text
        assert page.count('<details class="panel" open>') == 1 and f'href="#{tried}-reason"' in page, tried
        assert page.index('<details class="panel" open>') < page.index(f'id="{tried}-reason"') < page.index("</details>", page.index('<details class="panel" open>'))


def test_another_operator_does_not_fetch_the_file(hub: Hub, app: Litestar) -> None:
    operator = Person(app, "operator")
    operator.post("/nodes", {"node": "n00102a", "office": "00102"})
    assert Person(app, "all").get("/nodes/n00102a/file").status_code == 410
    assert operator.get("/nodes/n00102a/file").status_code == 200


def test_a_node_is_on_screen_when_it_connects_and_when_it_is_gone(hub: Hub, app: Litestar) -> None:
    operator = Person(app, "operator")
    code = code_on(operator.post("/nodes", {"node": "n00103a", "office": "00103"}).text)
    bundle = open_bundle(operator.get("/nodes/n00103a/file").content, code, hub.now())
    way = BusSettings(
        name="n00103a",
        servers=bundle.servers,
        ca_pem=bundle.authority_pem,
        credentials=read_credentials(bundle.credentials),
    )
    seen: list[str] = []

    async def come_and_go() -> None:
        watch = asyncio.create_task(keep_presence(hub, bundle.servers[0]))
        try:
            session = Session("records", bundle.servers[0])
            await session.open(way, inbox_prefix("n00103a"))
            seen.append(await state_when_it_is(hub, "here"))
            await session.discard(1)
            seen.append(await state_when_it_is(hub, "never"))  # it never said hello
            assert hub.is_watching
        finally:
            await end_task(watch)

    asyncio.run(come_and_go())
    assert seen == ["here", "never"] and not hub.is_watching


def test_a_line_that_breaks_without_a_word_is_on_screen_and_so_is_its_return(hub: Hub, app: Litestar) -> None:
    operator = Person(app, "operator")
    code = code_on(operator.post("/nodes", {"node": "n00109a", "office": "00109"}).text)
    bundle = open_bundle(operator.get("/nodes/n00109a/file").content, code, hub.now())
    port = int(bundle.servers[0].rpartition(":")[2])
    seen: list[str] = []

    async def freeze_and_thaw() -> None:
        watch = asyncio.create_task(keep_presence(hub, bundle.servers[0]))
        async with Line(port) as line:
            way = BusSettings(
                name="n00109a", servers=(f"tls://127.0.0.1:{line.port}",), ca_pem=bundle.authority_pem,
                credentials=read_credentials(bundle.credentials),
            )  # fmt: skip
            node = NodeBus("n00109a", way, clock=hub.now, chance=lambda: 0.5)
            try:
                await node.connect(10)
                seen.append(await state_when_it_is(hub, "here", "n00109a"))
                line.freeze()
                seen.append(await state_when_it_is(hub, "slow", "n00109a"))
                line.thaw()
                seen.append(await state_when_it_is(hub, "here", "n00109a"))
            finally:
                await node.close()
                await end_task(watch)

    asyncio.run(freeze_and_thaw())
    assert seen == ["here", "slow", "here"]


async def state_when_it_is(hub: Hub, wanted: str, node: str = "n00103a") -> str:
    """The state of the node on the fleet page as soon as it is the wanted one, or what it is after 20 s."""
    state = ""
    for _ in range(200):
        lines = await hub.store.readers.run_async(lambda c: read_fleet(c, hub.now_ms()))
        state = next(line.state for line in lines if line.node == node)
        if state == wanted:
            break
        await asyncio.sleep(0.1)
    return state


def test_a_node_changes_its_keys_and_keeps_its_log(hub: Hub, app: Litestar, tmp_path: Path) -> None:
    operator, node = Person(app, "operator"), NodeId("n00104a")
    code = code_on(operator.post("/nodes", {"node": node, "office": "00104"}).text)
    identity = initialise(
        tmp_path / "node", operator.get(f"/nodes/{node}/file").content, code, None, None, hub.now(), secrets.token_bytes
    )
    folder = StateFolder(tmp_path / "node")
    before = unlock_keys(folder.keys, KeyFileOnDisk(folder.raw_key))
    blocks = hub.store.readers.run(
        lambda c: c.execute("SELECT count(*) FROM code_block WHERE node = ?", (node,)).fetchone()
    )

    fresh = code_on(operator.post(f"/nodes/{node}/again", {"reason": "định kỳ", "keeps_log": "1"}).text)
    sealed = operator.get(f"/nodes/{node}/file").content
    with pytest.raises(WrongCode):
        renew(folder, before, sealed, code, hub.now())
    renewed = renew(folder, before, sealed, fresh, hub.now())
    after = unlock_keys(folder.keys, KeyFileOnDisk(folder.raw_key))

    assert renewed.credentials != identity.credentials and after.signer.public_key != before.signer.public_key
    assert after.database_key == before.database_key
    assert (
        hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM code_block WHERE node = ?", (node,)).fetchone())
        == blocks
    )
    # the first hello under the new key registers it
    assert hub.store.readers.run(lambda c: find_node(c, node)).public_key == b""
    assert asyncio.run(connects(identity)) == "BUS-021" and asyncio.run(connects(renewed)) == ""
    assert ("operator", "node.rekey") in acts(hub)


async def connects(identity: Identity) -> str:
    """The code of what happens when a node with this identity connects; "" when it is let in."""
    session = Session("records", identity.servers[0])
    way = BusSettings(
        name=identity.node,
        servers=identity.servers,
        ca_pem=identity.authority_pem,
        credentials=read_credentials(identity.credentials),
    )
    try:
        await session.open(way, inbox_prefix(identity.node))
    except Problem as problem:
        return problem.code
    await session.discard(1)
    return ""


def test_another_nodes_file_changes_no_key(hub: Hub, app: Litestar, tmp_path: Path) -> None:
    operator = Person(app, "operator")
    codes = {
        node: code_on(operator.post("/nodes", {"node": node, "office": office}).text)
        for node, office in (("n00105a", "00105"), ("n00106a", "00106"))
    }
    files = {node: operator.get(f"/nodes/{node}/file").content for node in codes}
    initialise(tmp_path / "node", files["n00105a"], codes["n00105a"], None, None, hub.now(), secrets.token_bytes)
    folder = StateFolder(tmp_path / "node")
    keys = unlock_keys(folder.keys, KeyFileOnDisk(folder.raw_key))
    with pytest.raises(OtherNodesBundle):
        renew(folder, keys, files["n00106a"], codes["n00106a"], hub.now())
    assert unlock_keys(folder.keys, KeyFileOnDisk(folder.raw_key)).signer.public_key == keys.signer.public_key


def test_settings_that_are_off_make_no_node(hub: Hub, app: Litestar, tmp_path: Path) -> None:
    operator = Person(app, "operator")
    code = code_on(operator.post("/nodes", {"node": "n00107a", "office": "00107"}).text)
    sealed = operator.get("/nodes/n00107a/file").content
    settings = tmp_path / "node.toml"
    settings.write_text("[web]\nport = 8040\n", "utf-8")
    with pytest.raises(SettingsRejected, match="office_name: missing"):
        initialise(tmp_path / "node", sealed, code, settings, None, hub.now(), secrets.token_bytes)
    assert not (tmp_path / "node").exists()
    settings.write_text('office_name = "BHXH"\n', "utf-8")
    initialise(tmp_path / "node", sealed, code, settings, None, hub.now(), secrets.token_bytes)


def test_certificates_that_are_brought_along_stand_in_the_register_in_the_same_step(hub: Hub, app: Litestar) -> None:
    operator, form = Person(app, "operator"), {"node": "n00101c", "office": "00101"}
    refused = operator.post("/nodes", form, files=[("officers", ("cb02.cer", b"no certificate"))])
    assert refused.status_code >= 400 and "n00101c" in refused.text and "n00101c" not in hub.registry.names()
    files = [("officers", ("cb02.cer", hub.authority_pem)), ("officers", ("", b"")), ("agency", ("co-quan.pem", hub.authority_pem))]
    assert code_on(operator.post("/nodes", form, files=files).text)
    held = hub.store.readers.run(lambda c: registrations(c, OfficeCode("00101")))
    assert {(one.role, one.account) for one in held} == {("officer", "cb02"), ("agency", "")}
    noted = hub.store.readers.run(lambda c: c.execute("SELECT dossier FROM audit WHERE what = 'officer.register'").fetchall())
    assert len(noted) == 2
