"""The register of certificates on screen: add, refuse, end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.seals.registry import registrations
from deploy.demo.authority import make_authority
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    made = make_authority(tmp_path_factory.mktemp("pki"), Clock()())
    return made.people["officer_rsa"].certificate.public_bytes(Encoding.PEM)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


def send(client: TestClient, content: bytes, **typed: str):  # type: ignore[no-untyped-def,type-arg]
    data = {
        "office": "00101",
        "role": "officer",
        "account": "",
        "until": "",
        "_csrf_token": client.cookies["form"],
        **typed,
    }
    return client.post("/officers", data=data, files={"certificate": ("a.pem", content)}, follow_redirects=False)


def test_a_certificate_is_added_and_ended_and_both_are_audited(hub: Hub, certificate: bytes) -> None:
    client = client_of(hub, "operator")
    assert send(client, certificate, account="cb01").status_code == 303
    (held,) = hub.store.readers.run(registrations)
    assert held.office == "00101" and held.account == "cb01"
    assert held.certificate.hex()[:16] in client.get("/officers?office=00101").text
    assert held.certificate.hex()[:16] not in client.get("/officers?office=00102").text
    wanted = {
        "office": "00101",
        "role": "officer",
        "certificate": held.certificate.hex(),
        "_csrf_token": client.cookies["form"],
    }
    assert client.post("/officers/end", data=wanted, follow_redirects=False).status_code == 303
    assert client.post("/officers/end", data=wanted, follow_redirects=False).status_code == 404
    assert hub.store.readers.run(registrations)[0].until_ms == hub.now_ms()
    acts = hub.store.readers.run(lambda c: [row[0] for row in c.execute("SELECT what FROM audit ORDER BY id")])
    assert acts == ["officer.register", "officer.end"]


@pytest.mark.parametrize(
    ("content", "typed", "code"),
    [
        (b"no certificate", {}, "SEA-002"),
        (b"", {}, "WEB-031"),
        (b"x" * 70_000, {}, "WEB-032"),
        (b"pem", {"office": " "}, "WEB-031"),
        (b"pem", {"until": "mai"}, "WEB-030"),
        (b"pem", {"role": "king"}, "WEB-007"),
    ],
)
def test_a_refused_certificate_is_not_kept_and_the_form_is(
    hub: Hub, content: bytes, typed: dict[str, str], code: str
) -> None:
    answer = send(client_of(hub, "operator"), content, **typed)
    assert answer.status_code >= 400 and code in answer.text and 'name="until"' in answer.text
    assert hub.store.readers.run(registrations) == []
