"""Is everything level, and is everything right? Each finding is one line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

import apsw

from central_hub.ingest.feed import feed_head, is_in_scope
from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import read_state as hub_state
from edge_node.store.audit import broken_at
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.census import census
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.errors import Problem
from sync_protocol.ids import Incarnation, NodeId, OfficeCode, RecordId
from tests.faults.processes.country import Country
from tests.faults.processes.desks import Desk
from tests.faults.processes.disks import files_of, looking_at


def unsettled(country: Country) -> list[str]:
    """What still waits, per desk; empty when every queue is empty and all news have arrived."""
    with looking_at(country.hub.state) as hub:
        epoch = hub_state(hub, EPOCH)
        heads = {desk.node: feed_head(hub, OfficeCode(desk.office)) for desk in country.desks.values()}
        at_hub = {(lane.node, lane.inc): lane.head.seq for lane in event_log.lanes(hub)}
    return [line for desk in country.desks.values() for line in _waiting(desk, epoch, heads[desk.node], at_hub)]


def _waiting(desk: Desk, epoch: bytes | None, head: int, at_hub: Mapping[tuple[NodeId, Incarnation], int]) -> Iterator[str]:
    with looking_at(desk.state) as c:
        if read_state(c, "epoch") != epoch:
            yield f"{desk.node} has not heard of the hub's epoch"
        lane = own_lane(c)
        if at_hub.get((lane.node, lane.inc), 0) > lane.head.seq:
            yield f"{desk.node} has not noticed that the hub knows more of its log than it does"
        upto = _number(c, "SELECT upto FROM acknowledgement WHERE inc = ?", lane.inc)
        if upto < lane.head.seq:
            yield f"{desk.node} waits with {lane.head.seq - upto} events, line {(read_state(c, 'line') or b'').decode()}"
        if files := _number(c, "SELECT count(*) FROM blob WHERE state IN ('local', 'refused')"):
            yield f"{desk.node} waits with {files} files"
        if read_number(c, "cursor") != head:
            yield f"{desk.node} is at {read_number(c, 'cursor')} of {head} news"
        if read_number(c, "offers_owed"):
            yield f"{desk.node} still owes the hub what it holds of others"


def findings(country: Country) -> list[str]:
    """Everything that is wrong with a country at rest."""
    found = list(country.ledger.twice)
    with looking_at(country.hub.state) as hub:
        found += _walks("hub", hub)
        found += _lost(country, hub)
        found += _doubled(country, hub)
        counted = {one.rid: one.fingerprint for one in census(hub)}
        entitled = {
            office: {rid for rid in counted if is_in_scope(hub, RecordId(bytes.fromhex(rid)), OfficeCode(office))}
            for office in {desk.office for desk in country.desks.values()}
        }
        ids = {event.id for _, _, event in event_log.all_events(hub)}
    found += _files(country)
    for desk in country.desks.values():
        with looking_at(desk.state) as c:
            found += _walks(desk.node, c)
            if (row := broken_at(c)) is not None:
                found.append(f"{desk.node}: the audit breaks at row {row}")
            here = {one.rid: one.fingerprint for one in census(c)}
            found += [
                f"{desk.node} {'lacks' if rid not in here else 'sees another'} {rid}"
                for rid in sorted(entitled[desk.office])
                if here.get(rid) != counted[rid]
            ]
            found += _promises(desk, c, ids)
    return found


def _walks(who: str, connection: apsw.Connection) -> Iterator[str]:
    for one in (*walk_lanes(connection)[2], *walk_views(connection)[1]):
        yield f"{who}: {one.kind} {one.where} {one.code} {one.detail}"


def _lost(country: Country, hub: apsw.Connection) -> Iterator[str]:
    at_hub = {act_id(event.header).hex() for _, _, event in event_log.all_events(hub)}
    lost = country.ledger.owed() - at_hub
    if lost:
        survivors = country.held()
        for act in sorted(lost):
            where = "stands on a desk" if act in survivors else "is nowhere"
            yield f"lost: {act[:12]} saved at {country.ledger.acts[act]} {where}"
    back = country.ledger.destroyed & at_hub
    country.ledger.destroyed -= back  # came back in spite of all: from then on it is owed again


def _doubled(country: Country, hub: apsw.Connection) -> Iterator[str]:
    """A note stands once in its dossier, a printed number names one dossier."""
    shown: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for (raw,) in hub.execute("SELECT rid FROM dossier").fetchall():
        view = projection.view_of(hub, RecordId(bytes(raw)))  # type: ignore[arg-type]  # STRICT column
        if view is not None:
            shown.update(view.notes)
            codes[view.code] += bool(view.code)
    yield from (f"doubled: note {token!r} stands {count} times" for token, count in shown.items() if count > 1)
    for code, count in codes.items():
        if count > 1 and code not in country.ledger.twice_excused:
            yield f"doubled: number {code} names {count} dossiers"


def _files(country: Country) -> Iterator[str]:
    """Every file that somebody was shown as saved opens at the hub and is itself."""
    files = files_of(country.hub.state)
    for digest in sorted(country.ledger.owed_files()):
        try:
            if hashlib.sha256(files.get(digest)).hexdigest() != digest:
                yield f"file {digest[:12]} is another at the hub"
        except Problem as problem:
            yield f"file {digest[:12]} does not open at the hub: {problem.code}"


def _promises(desk: Desk, connection: apsw.Connection, at_hub: set[bytes]) -> Iterator[str]:
    """What a screen calls "at the hub" is there."""
    for inc, upto in connection.execute("SELECT inc, upto FROM acknowledgement").fetchall():
        lane = event_log.find_lane(connection, desk.node, inc)  # type: ignore[arg-type]
        for event in event_log.read_lane(connection, lane.lane, 1, int(upto)) if lane else ():  # type: ignore[arg-type]
            if event.id not in at_hub:
                yield f"{desk.node} says that the hub has its {event.header.seq}, and it has not"
                break


def _number(connection: apsw.Connection, query: str, *values: object) -> int:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else 0  # type: ignore[arg-type]
