"""A judgement of a pair is told in whichever of its two dossiers does not know it, whoever said it first."""

from __future__ import annotations

from typing import cast

import apsw
import pytest

from central_hub.ingest import pairs
from sync_protocol.adapters import projection
from sync_protocol.bodies import DuplicateJudged
from sync_protocol.cases import Judgement, Suspicion
from sync_protocol.ids import HUB_NODE, ActId, NodeId, OfficeCode, RecordId
from sync_protocol.view import DossierView

HERE, THERE = RecordId(b"h" * 16), RecordId(b"t" * 16)
ACT = ActId(b"a" * 32)
NOWHERE = cast(apsw.Connection, None)


def said(*, is_copy: bool) -> Judgement:
    node = HUB_NODE if is_copy else NodeId("n03401a")
    return Judgement(act=ACT, same=False, officer="cb01", office=OfficeCode("03401"), node=node, hlc=1 << 16, base=(), is_copy=is_copy)


def side(rid: RecordId, other: RecordId, *judgements: Judgement) -> DossierView:
    pair = Suspicion("dossier", other, OfficeCode("00101"), 1, "", "not_same" if judgements else "", judgements=judgements)
    return DossierView(rid=rid, is_whole=True, suspicions=(pair,))


def told(monkeypatch: pytest.MonkeyPatch, here: DossierView, there: DossierView) -> list[pairs.Said]:
    monkeypatch.setattr(projection, "view_of", lambda connection, rid: there)
    return pairs.untold_in(NOWHERE, [here])


@pytest.mark.parametrize("is_copy", [False, True], ids=["as it was said", "as a copy whose judgement a restore lost"])
def test_what_one_dossier_knows_is_told_in_the_other(monkeypatch: pytest.MonkeyPatch, is_copy: bool) -> None:
    (one,) = told(monkeypatch, side(HERE, THERE, said(is_copy=is_copy)), side(THERE, HERE))
    body = one.body
    assert isinstance(body, DuplicateJudged)
    assert (one.rid, body.of, body.same, body.other_rid) == (THERE, ACT, False, HERE)


def test_what_both_know_is_told_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, side(HERE, THERE, said(is_copy=True)), side(THERE, HERE, said(is_copy=False))) == []
