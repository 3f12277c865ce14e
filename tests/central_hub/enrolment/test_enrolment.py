"""Keys, accounts, certificates and the handout, without a server."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from central_hub.enrolment.accounts import NODE_CONNECTIONS, hub_account_token
from central_hub.enrolment.certificates import expires_at, issue_server, make_authority
from central_hub.enrolment.cut_again import revoke_forgotten
from central_hub.enrolment.errors import MaterialDamaged, NodeExists, NodeUnknown
from central_hub.enrolment.handout import HubAddress, make_enrolment
from central_hub.enrolment.keys import SigningKey
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.private_files import read_private, write_private
from central_hub.enrolment.tokens import claims_of
from central_hub.enrolment.trust import Trust
from central_hub.ingest.nodes import enrol_node, revoke_node
from central_hub.store.hub_store import Embedded, HubStore
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.subjects import REQUEST_VERBS

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
NOW_S = int(NOW.timestamp())


def counted(start: int = 1) -> Callable[[int], bytes]:
    """Predictable entropy: every call differs."""
    calls = [start]

    def entropy(count: int) -> bytes:
        calls[0] += 1
        return calls[0].to_bytes(count, "big")

    return entropy


@pytest.fixture
def registry(tmp_path: Path) -> NodeRegistry:
    """An empty registry."""
    return NodeRegistry(tmp_path, Trust.load_or_make(tmp_path, secrets.token_bytes, NOW_S), secrets.token_bytes)


def test_a_nodes_account_imports_its_own_verbs_and_nothing_else(registry: NodeRegistry) -> None:
    claims = claims_of(registry.enrol("n0001", "00101", NOW_S).account_token)["nats"]
    imported = {entry["subject"] for entry in claims["imports"]}
    assert imported == {f"s1.n0001.{verb}" for verb in REQUEST_VERBS} | {"hint.n0001"}
    assert not any("*" in subject or ">" in subject for subject in imported)
    assert claims["limits"]["conn"] == NODE_CONNECTIONS and claims["limits"]["exports"] == 0
    assert "exports" not in claims


def test_a_nodes_user_may_speak_its_verbs_and_hear_its_inbox_and_hint(registry: NodeRegistry) -> None:
    text = registry.enrol("n0001", "00101", NOW_S, NOW_S + 60).credentials
    claims = claims_of(text.split("\n")[1])
    assert set(claims["nats"]["pub"]["allow"]) == {f"s1.n0001.{verb}" for verb in REQUEST_VERBS}
    assert claims["nats"]["sub"]["allow"] == ["_INBOX.n0001.>", "hint.n0001"]
    assert claims["exp"] == NOW_S + 60 == read_credentials(text).expires_at_s


def test_the_hub_keeps_no_copy_of_a_nodes_user_key(registry: NodeRegistry, tmp_path: Path) -> None:
    seed = registry.enrol("n0001", "00101", NOW_S).credentials.split("\n")[5]
    assert seed.startswith("SU")
    assert all(seed.encode() not in path.read_bytes() for path in tmp_path.rglob("*.json"))


def test_a_name_is_enrolled_once_and_an_unknown_one_is_named(registry: NodeRegistry) -> None:
    registry.enrol("n0001", "00101", NOW_S)
    with pytest.raises(NodeExists):
        registry.enrol("n0001", "00102", NOW_S)
    for act in (registry.rotate, registry.revoke, registry.account_token):
        with pytest.raises(NodeUnknown) as refusal:
            act("n0009", NOW_S)
        assert "n0009" in refusal.value.clerk_sentence
    assert registry.names() == ["n0001"]


def test_rotation_revokes_exactly_the_old_key_and_revocation_revokes_all(registry: NodeRegistry) -> None:
    old = read_credentials(registry.enrol("n0001", "00101", NOW_S).credentials).public_key
    new = read_credentials(registry.rotate("n0001", NOW_S + 5).credentials).public_key
    assert old != new
    assert claims_of(registry.account_token("n0001", NOW_S))["nats"]["revocations"] == {old: NOW_S + 5}
    revoked = claims_of(registry.revoke("n0001", NOW_S + 9))["nats"]["revocations"]
    assert revoked == {old: NOW_S + 5, "*": NOW_S + 9}
    assert claims_of(registry.revoke("n0001", NOW_S + 9))["nats"]["revocations"] == revoked


def test_a_start_revokes_accounts_that_the_database_knows_to_be_revoked(registry: NodeRegistry, tmp_path: Path) -> None:
    store = HubStore(Embedded(tmp_path / "hub.db", b"k" * 32))
    for name in ("n0001", "n0002"):
        registry.enrol(name, "00101", NOW_S)
        store.writer.run(lambda c, n=name: enrol_node(c, NodeId(n), OfficeCode("00101"), b"k" * 32, 1))  # type: ignore[misc]
    store.writer.run(lambda c: revoke_node(c, NodeId("n0002"), 2))
    found = [store.readers.run(lambda c: revoke_forgotten(registry, c, NOW_S + 1)) for _ in range(2)]
    store.close()
    assert found == [["n0002"], []]
    assert [registry.record(name).is_revoked for name in ("n0001", "n0002")] == [False, True]


def test_the_same_entropy_and_time_give_the_same_tokens() -> None:
    first, second = (Trust.make(counted(), NOW_S) for _ in range(2))
    assert first.operator_token == second.operator_token and first.preload(0) == second.preload(0)


def test_trust_is_made_once_and_a_damaged_file_is_never_replaced(tmp_path: Path) -> None:
    made = Trust.load_or_make(tmp_path, secrets.token_bytes, NOW_S)
    assert Trust.load_or_make(tmp_path, secrets.token_bytes, NOW_S + 9).operator_token == made.operator_token
    write_private(tmp_path / "trust.json", b"{}")
    with pytest.raises(MaterialDamaged):
        Trust.load_or_make(tmp_path, secrets.token_bytes, NOW_S)
    assert read_private(tmp_path / "trust.json") == b"{}"


def test_the_hubs_account_has_a_feed_only_when_it_is_given_room() -> None:
    operator = SigningKey.make("operator", secrets.token_bytes)
    limits = [claims_of(hub_account_token(operator, "A", 0, room))["nats"]["limits"] for room in (0, 1000)]
    assert [entry["disk_storage"] for entry in limits] == [0, 1000]
    assert [entry["streams"] for entry in limits] == [0, 4]


def test_private_files_are_private_whole_and_named_when_damaged(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a.json"
    write_private(path, b"first")
    write_private(path, b"second")
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert read_private(path) == b"second" and list(path.parent.iterdir()) == [path]
    path.chmod(0o640)
    with pytest.raises(MaterialDamaged, match=r"a\.json.*0640"):
        read_private(path)
    with pytest.raises(MaterialDamaged):
        read_private(tmp_path / "missing")
    with pytest.raises(MaterialDamaged):
        write_private(path / "below-a-file", b"")


@pytest.mark.parametrize(
    "seed", ["", "SU", "not a seed", "SUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
)
def test_a_damaged_seed_is_a_problem_with_a_name(seed: str) -> None:
    with pytest.raises(MaterialDamaged):
        SigningKey(seed)


def test_a_key_shows_only_its_public_half() -> None:
    key = SigningKey.make("user", secrets.token_bytes)
    assert key.seed not in repr(key) and key.public[:8] in repr(key)


def test_a_server_certificate_is_for_its_hosts_and_for_a_bounded_time() -> None:
    authority = make_authority("Liên Thông – BHXH Việt Nam", NOW)
    issued = issue_server(authority, ["hub.bhxh.example", "10.1.2.3"], NOW)
    certificate = x509.load_pem_x509_certificate(issued.certificate_pem)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.certificate_pem))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.bhxh.example"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["10.1.2.3"]
    assert NOW + dt.timedelta(days=820) < expires_at(issued.certificate_pem) < NOW + dt.timedelta(days=830)
    assert b"PRIVATE" not in repr(issued).encode()


def test_the_handout_carries_the_nodes_name_its_keys_and_what_the_caller_adds(registry: NodeRegistry) -> None:
    hub = HubAddress(hub_id="h", hub_public_key=bytes(32), servers=("tls://hub:4222",), authority_pem=b"pem")
    admitted = registry.enrol("n0001", "00101", NOW_S)
    bundle = make_enrolment(admitted, "00101", hub, now=NOW, entropy=secrets.token_bytes, extra={"blocks": b"x"})
    assert (bundle.node, bundle.office_code, bundle.extra) == ("n0001", "00101", {"blocks": b"x"})
    assert read_credentials(bundle.credentials).name == "n0001"
    assert bundle.expires_at_ms - bundle.issued_at_ms == 7 * 86_400_000
