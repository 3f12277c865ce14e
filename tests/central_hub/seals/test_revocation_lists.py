"""Fresh lists from an operator to the judge and to every desk: only a newer list of a believed authority counts, and who is late is named."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from central_hub.seals.errors import ListForeign, ListOutdated, ListUnreadable
from central_hub.seals.examination import Examiner
from central_hub.seals.published_lists import newest_offer
from central_hub.seals.revocation_lists import renew_list, stale_names, states_of
from central_hub.seals.trust_folder import read_trust
from deploy.demo.authority import make_authority, revocation_list
from edge_node.signing.standing import standing_of
from edge_node.trust_lists import HeldLists
from sync_protocol.adapters.trust_lists import TrustListsRefused
from tests.central_hub.seals.hub_with_papers import Scene, sandbox
from tests.edge_node.signing.material import NOW, world

DAY = dt.timedelta(days=1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    hub = one.hub
    one.examiner = Examiner(
        hub.store, hub.service.files.files, hub.service.identity.epoch, sandbox(), one.trust_folder, now=one.now, spread=one._spread,
        sign=hub.signer.sign,
    )  # fmt: skip
    yield one
    one.close()


def lists_at_desk(scene: Scene) -> HeldLists:
    """Greet, and take what is offered, over the line."""
    held = HeldLists(scene.office.root, _verify(scene))

    async def take() -> None:
        driver = scene.office.join(scene.hub)
        await driver.greet_once()
        assert driver.welcome is not None
        offer = driver.welcome.trust
        if offer is not None and held.lacks(offer):
            held.take(offer, await scene.office.transfers.fetch(offer.digest, offer.size))

    asyncio.run(take())
    return held


def test_a_revoked_certificate_is_warned_of_at_the_desk_once_the_list_has_travelled(scene: Scene) -> None:
    officer = world().authority.people["officer_rsa"].certificate
    assert lists_at_desk(scene).current() is None
    scene.judge()
    first = lists_at_desk(scene).current()
    assert first is not None and not standing_of("cb01", officer, first.crls, NOW).is_revoked
    scene.clock.ms += 120_000
    renew_list(
        scene.trust_folder,
        revocation_list(world().authority, scene.now(), serial_of=("revoked", "officer_rsa")),
        scene.now(),
    )
    scene.judge()
    second = lists_at_desk(scene).current()
    assert second is not None and standing_of("cb01", officer, second.crls, NOW).is_revoked
    assert len(second.crls) == 2 and second.issuers == (world().authority.issuing.der,)


def test_lists_the_hub_did_not_sign_are_refused_and_the_former_stay(scene: Scene) -> None:
    scene.judge()
    held = lists_at_desk(scene)
    offer = scene.hub.store.readers.run(newest_offer)
    assert offer is not None
    content = scene.hub.service.files.files.get(offer.digest.hex())
    with pytest.raises(TrustListsRefused):
        held.take(offer, content + b"\0")
    kept = held.current()
    assert (
        kept is not None
        and kept.made_ms == offer.made_ms
        and HeldLists(scene.office.root, _verify(scene)).current() == kept
    )


def test_only_a_newer_list_of_a_believed_authority_takes_the_place_of_the_former(tmp_path: Path, scene: Scene) -> None:
    folder, foreign = scene.trust_folder, make_authority(tmp_path / "foreign", NOW)
    newer = revocation_list(world().authority, NOW + DAY)
    for content, problem in (
        (b"no list", ListUnreadable),
        (foreign.crls[1], ListForeign),
        (revocation_list(world().authority, NOW - DAY), ListOutdated),
        (newer, None),
        (newer, None),
    ):
        if problem is None:
            assert renew_list(folder, content, NOW + DAY).this_update == (NOW + DAY - dt.timedelta(hours=1)).replace(
                microsecond=0
            )
        else:
            with pytest.raises(problem):
                renew_list(folder, content, NOW)
        assert len(list(folder.glob("*.crl"))) == 2
    with pytest.raises(ListOutdated):
        renew_list(folder, newer, NOW + 400 * DAY)


def test_the_authority_whose_list_is_late_is_named_and_the_file_waits(scene: Scene) -> None:
    scene.let_sign("officer_rsa")
    scene.capture(world().signed.data)
    scene.send()
    (scene.trust_folder / "1.crl").unlink()
    with capture_logs() as logs:
        scene.judge()
    trust = read_trust(scene.trust_folder)
    (late,) = stale_names(trust, NOW)
    assert [one["authorities"] for one in logs if one["event"] == "seals.lists.stale"] == [(late,)]
    assert states_of(trust)[0].issuer == late and states_of(trust)[0].is_ending(NOW)


def _verify(scene: Scene):  # type: ignore[no-untyped-def]
    from edge_node.sync.pushing import HubKnown
    from tests.offices import HUB_NAME

    return HubKnown(HUB_NAME, scene.hub.signer.public_key).verify
