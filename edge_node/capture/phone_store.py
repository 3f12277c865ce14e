"""Phone links as they are kept, and photos that come through them into exactly one pile.

What is stored opens nothing: only the hash of the token is in the database.
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.capture.landing import take
from edge_node.capture.phone_link import TOKEN_BYTES, PhoneLink, mint, redeem, token_hash
from edge_node.capture.piles import Pile, any_pile, open_pile
from edge_node.capture.source_errors import PhoneLinkClosed
from edge_node.desk import Desk
from edge_node.store.ledger import Act

PHOTOS_MAX = 20  # in one go
_link = msgspec.msgpack.Decoder(PhoneLink).decode


def offer_link(desk: Desk, officer: str, pile_id: bytes, random_bytes: bytes) -> tuple[str, PhoneLink]:
    """A new link to a pile that is meant for a paper of a dossier: (token, link). The token is shown once and kept nowhere.

    Raises:
        PileGone: CAP-028. PhoneLinkClosed: CAP-025, the pile is of no dossier yet.
    """
    desk.officers.get(officer, "intake")
    pile = desk.store.readers.run(lambda c: open_pile(c, pile_id))
    if pile.rid is None or len(random_bytes) != TOKEN_BYTES:
        raise PhoneLinkClosed(why="no dossier")
    token, link = mint(pile_id.hex(), officer, random_bytes=random_bytes, now=desk.now())
    desk.ledger.save(Act(officer, "intake", "phone_link"), [], also=lambda c: _put(c, link))
    return token, link


def pile_behind(desk: Desk, pile_hex: str, token: str) -> tuple[Pile, PhoneLink]:
    """The pile that a link opens, and what is left of the link; uses nothing up.

    Raises:
        PhoneLinkClosed: CAP-025, expired, used up, of another pile, or the pile was handed in.
    """

    def read(connection: apsw.Connection) -> tuple[Pile, PhoneLink]:
        link = _get(connection, token)
        redeem(link, token, tray_id=pile_hex, now=desk.now())
        return _open(connection, link), link

    return desk.store.readers.run(read)


def take_photos(desk: Desk, pile_hex: str, token: str, photos: list[tuple[str, bytes]]) -> int:
    """Take photos through a link into its pile, durable when this returns; how many more it lets through.

    Raises:
        PhoneLinkClosed: CAP-025. UploadsRefused, StorageReadOnly: the disk is short of room. Nothing was taken.
    """
    desk.require_room()

    def use(connection: apsw.Connection) -> PhoneLink:
        link = _get(connection, token)
        for _ in photos:
            link = redeem(link, token, tray_id=pile_hex, now=desk.now())
        _open(connection, link)
        _put(connection, link)
        return link

    link = desk.store.writer.run(use)
    take(desk, link.officer_id, "phone", photos, pile=bytes.fromhex(link.tray_id))
    return link.uploads_left


def _open(connection: apsw.Connection, link: PhoneLink) -> Pile:
    pile = any_pile(connection, bytes.fromhex(link.tray_id))
    if pile is None or pile.state != "open":
        raise PhoneLinkClosed(why="pile closed")
    return pile


def _get(connection: apsw.Connection, token: str) -> PhoneLink:
    row = connection.execute("SELECT content FROM phone_link WHERE token_hash = ?", (token_hash(token),)).fetchone()
    if row is None:
        raise PhoneLinkClosed(why="token")
    return _link(bytes(row[0]))


def _put(connection: apsw.Connection, link: PhoneLink) -> None:
    ends_ms = int(link.expires_at.timestamp() * 1000)
    connection.execute("DELETE FROM phone_link WHERE expires_ms < ?", (ends_ms - 86_400_000,))
    connection.execute(
        "INSERT OR REPLACE INTO phone_link(token_hash, content, expires_ms) VALUES(?,?,?)",
        (link.token_hash, msgspec.msgpack.encode(link), ends_ms),
    )
