"""The enrolled nodes: one small key file each, in the hub's state folder.

The hub keeps a node's account key (to change its limits and to revoke) but not its user key: that one exists only in the
enrolment file handed to the office, and afterwards on the node.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec

from central_hub.enrolment.accounts import node_account_token, node_user_token
from central_hub.enrolment.errors import MaterialDamaged, NodeExists, NodeUnknown
from central_hub.enrolment.keys import Entropy, SigningKey
from central_hub.enrolment.private_files import read_private, write_private
from central_hub.enrolment.tokens import credentials_text
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.bus.credentials import line_key
from sync_protocol.subjects import NodeNameRefused, check_node_name

EVERY_USER = "*"


class NodeRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the hub keeps of one node. Times are Unix seconds; `revoked` maps a user key (or `*`) to its last second."""

    name: str
    office_code: str
    account_seed: str
    user_public: str
    enrolled_at_s: int
    revoked: dict[str, int]

    @property
    def is_revoked(self) -> bool:
        """Whether nobody can connect as this node now."""
        return not self.user_public


@dataclasses.dataclass(frozen=True)
class Admitted:
    """The outcome of an enrolment: the account to push to the server, and the secret text for the node."""

    name: str
    account_token: str
    credentials: str


class NodeRegistry:
    """Enrols, rotates and revokes nodes; every call returns what must then be pushed to the server.

    Args:
        folder: where the key files live (made with mode 0700).
        trust: the hub's keys.
        entropy: n → n unpredictable bytes.
    """

    def __init__(self, folder: Path, trust: Trust, entropy: Entropy) -> None:
        self._folder = folder / "nodes"
        self._trust = trust
        self._entropy = entropy

    def names(self) -> list[str]:
        """Every node ever enrolled, sorted."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def record(self, node: str) -> NodeRecord:
        """What is known of `node`.

        Raises:
            NodeUnknown: never enrolled.
            MaterialDamaged: its file is unreadable.
        """
        path = self._path(node)
        if not path.exists():
            raise NodeUnknown(node=node)
        try:
            return msgspec.json.decode(read_private(path), type=NodeRecord)
        except msgspec.MsgspecError:
            raise MaterialDamaged(name=path.name, reason="not the expected JSON") from None

    def line_key(self, node: str) -> bytes | None:
        """The key (32 bytes) with which `node` may open its line now; None where it may not, or was never enrolled here."""
        try:
            record = self.record(node)
        except (NodeUnknown, NodeNameRefused):
            return None
        return None if record.is_revoked else line_key(record.user_public)

    def enrol(self, node: str, office_code: str, now_s: int, expires_at_s: int | None = None) -> Admitted:
        """A new node with its own account.

        Raises:
            NodeNameRefused: the name is not one plain token.
            NodeExists: the name is taken.
        """
        if self._path(node).exists():
            raise NodeExists(node=node)
        account = SigningKey.make("account", self._entropy)
        return self._admit(NodeRecord(node, office_code, account.seed, "", now_s, {}), now_s, expires_at_s)

    def rotate(self, node: str, now_s: int, expires_at_s: int | None = None) -> Admitted:
        """A new user key for a known node; the old one is cut off once the account is pushed. Also re-admits after revoke.

        Raises:
            NodeUnknown: never enrolled.
        """
        record = self.record(node)
        revoked = dict(record.revoked)
        if record.user_public:
            revoked[record.user_public] = now_s
        return self._admit(msgspec.structs.replace(record, revoked=revoked), now_s, expires_at_s)

    def revoke(self, node: str, now_s: int) -> str:
        """Cut `node` off: returns the account token that does it once pushed. Idempotent.

        Raises:
            NodeUnknown: never enrolled.
        """
        record = self.record(node)
        revoked = dict(record.revoked)
        revoked[EVERY_USER] = max(now_s, revoked.get(EVERY_USER, 0))
        self._store(msgspec.structs.replace(record, user_public="", revoked=revoked))
        return self.account_token(node, now_s)

    def cut_before(self, node: str, from_s: int, now_s: int) -> str:
        """Cut off whoever was admitted as `node` before `from_s`, and nobody later: returns the account token that does it. Idempotent.

        Raises:
            NodeUnknown: never enrolled.
        """
        record = self.record(node)
        revoked = {**record.revoked, EVERY_USER: max(from_s - 1, record.revoked.get(EVERY_USER, 0))}
        self._store(msgspec.structs.replace(record, revoked=revoked))
        return self.account_token(node, now_s)

    def account_token(self, node: str, now_s: int) -> str:
        """The account of `node` as it should be on the server.

        Raises:
            NodeUnknown: never enrolled.
        """
        record = self.record(node)
        account = SigningKey(record.account_seed)
        return node_account_token(
            self._trust.operator, account.public, record.name, self._trust.hub.public, record.revoked, now_s
        )

    def account_tokens(self, now_s: int) -> dict[str, str]:
        """Every node's account, to push again after the server lost its store."""
        return {name: self.account_token(name, now_s) for name in self.names()}

    def _admit(self, record: NodeRecord, now_s: int, expires_at_s: int | None) -> Admitted:
        account = SigningKey(record.account_seed)
        user = SigningKey.make("user", self._entropy)
        # A user issued in the very second of a revocation would fall under it.
        issued_at_s = max(now_s, record.revoked.get(EVERY_USER, 0) + 1)
        token = node_user_token(account, user.public, record.name, issued_at_s, expires_at_s)
        self._store(msgspec.structs.replace(record, user_public=user.public))
        return Admitted(record.name, self.account_token(record.name, now_s), credentials_text(token, user))

    def _store(self, record: NodeRecord) -> None:
        write_private(self._path(record.name), msgspec.json.encode(record))

    def _path(self, node: str) -> Path:
        return self._folder / f"{check_node_name(node)}.json"
