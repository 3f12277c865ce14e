"""Which machines the simulated hub serves: let in, revoked, issued again, and what a restore made it forget of them."""

from __future__ import annotations

import abc

from central_hub.ingest import nodes as registry
from central_hub.ingest.cut_off import names_cut_off
from sync_protocol.adapters import event_log
from sync_protocol.ids import EventId, NodeId, OfficeCode
from tests.simulation.stores import Crashed, InlineStore
from tests.simulation.world import World


class Names(abc.ABC):
    """The register of machines, with what people last said of each. The hub itself (hub.py) gives `boot`."""

    world: World
    store: InlineStore

    def __init__(self) -> None:
        self.enrolled: dict[str, tuple[str, bytes]] = {}
        self.revoked: dict[str, int] = {}
        self.ever: set[EventId] = set()  # what states that were lost to a restore had accepted
        self.issued_again: set[str] = set()
        self.words: dict[str, int] = {}  # names cut off: since when, by the last word of people
        self.unheard: set[str] = set()  # of these what a restore made this hub forget, and nobody said again
        self.accepted_of: dict[str, set[EventId]] = {}  # per revoked node: everything the hub had ever taken of it

    @abc.abstractmethod
    def boot(self) -> None:
        """Start again after a crash."""

    def enrol(self, node: str, office: str, public_key: bytes, at_ms: int = 1) -> None:
        """Let a node in, at a moment of the hub's clock."""
        self.enrolled[node] = (office, public_key)
        try:
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, at_ms))
        except Crashed:  # as with a revocation: whoever enrols does it again when the hub is back
            self.boot()
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, at_ms))

    def issue_again(self, node: str, office: str, public_key: bytes) -> None:
        """A name gets a new machine with a new key."""
        self.enrolled[node] = (office, public_key)
        self.store.begin_trouble("")
        self.boot()
        self.accepted_of[node] = self.accepted_of.get(node, set()) | self.ever | self.held()
        self.revoked.pop(node, None)
        self.issued_again.add(node)
        try:
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, self.world.now))
        except Crashed:  # as with a revocation
            self.boot()
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, self.world.now))
        self._said(node)

    def revoke(self, node: str) -> None:
        """A node is stolen."""
        self.store.begin_trouble("")
        self.boot()
        self.revoked[node] = self.world.now
        self.accepted_of[node] = self.ever | self.held()
        try:
            self.store.run(lambda c: registry.revoke_node(c, NodeId(node), self.world.now))
        except Crashed:  # the power went under it: whoever revokes does it again when the hub is back
            self.boot()
            self.store.run(lambda c: registry.revoke_node(c, NodeId(node), self.world.now))
        self._said(node)

    def put_keys_right(self) -> int:
        """People issue names again whose machine the hub does not take any more by what it remembers; returns how many."""
        rows = {row.node: row for row in self.store.readers.run(registry.all_nodes)}
        wrong = [name for name in sorted(self.issued_again - self.revoked.keys()) if rows[NodeId(name)].is_revoked or rows[NodeId(name)].public_key != self.enrolled[name][1]]
        for name in wrong:
            self.issue_again(name, *self.enrolled[name])
        return len(wrong)

    def has_another_key(self, node: str, public_key: bytes) -> bool:
        """Whether the name is another machine's, by what the hub knows; the accounts of the message server say the same."""
        if self.store.connection is None or node not in self.issued_again:
            return False
        return self.store.readers.run(lambda c: registry.find_node(c, NodeId(node))).public_key != public_key

    def see_cut_off(self) -> None:
        """From the moment at which a desk showed it again nothing of a revoked machine is taken any more."""
        if self.store.connection is not None and not self.store.power_is_doomed:
            known = self._known()
            for name in sorted(self.unheard):
                if known.get(name, 0) >= self.words[name]:
                    self._end_unheard(name)
                    self.world.counters["cut_off_again"] += 1

    def held(self) -> set[EventId]:
        """Ids of all events in the database."""
        return self.store.readers.run(lambda c: {event.id for _, _, event in event_log.all_events(c)})

    def _known(self) -> dict[str, int]:
        return {one.node: one.at_ms for one in self.store.readers.run(names_cut_off)}

    def _said(self, node: str) -> None:
        try:
            known = self._known()
        except Crashed:  # the power that was to go in what was said goes now
            self.boot()
            known = self._known()
        self.words[node] = known.get(node, 0)
        self._end_unheard(node)

    def _end_unheard(self, name: str) -> None:
        if name in self.unheard:
            self.accepted_of[name] |= self.ever | self.held()
            self.unheard.discard(name)
