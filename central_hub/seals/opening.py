"""Opening the examiner over a hub: who gets what, from the settings."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from central_hub.seals.examination import Examiner
from central_hub.seals.judgement import judging_sandbox
from central_hub.seals.stamping import Stamping
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.timestamps import http_post
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)


def trust_folder_of(hub: Hub) -> Path | None:
    """Where the hub's trust lies, or None where nobody named it."""
    named = hub.settings.seals.trust_folder
    return hub.folder.root / named if named else None


def examiner_of(hub: Hub) -> Examiner | None:
    """The examiner of a hub, or None while no trust folder is named or no sandbox can be opened: files stay held then."""
    folder = trust_folder_of(hub)
    if folder is None:
        return None
    chosen = hub.settings.seals
    try:
        sandbox = judging_sandbox()
    except Problem as problem:
        _log.error("seals.off", code=problem.code, detail=problem.operator_line)
        return None
    stamping = None
    if chosen.tsa_url:
        stamping = Stamping(
            hub.store,
            hub.files.files,
            http_post(chosen.tsa_url),
            now=hub.now,
            renew_before_days=chosen.renew_before_days,
        )

    async def spread(offices: set[OfficeCode]) -> None:
        await hub.service.spread(offices, but=HUB_NODE)

    return Examiner(
        hub.store,
        hub.files.files,
        hub.identity.epoch,
        sandbox,
        folder,
        now=hub.now,
        spread=spread,
        stamping=stamping,
        sign=hub.keys.signer.sign,
    )


def start_examination(hub: Hub) -> asyncio.Task[None]:
    """Start examining in the running event loop; the caller ends the task before it closes the hub."""
    return asyncio.create_task(keep_on("examination", partial(_examine, hub)), name="examination")


async def _examine(hub: Hub) -> None:
    examiner = await asyncio.to_thread(examiner_of, hub)
    if examiner is None:
        _log.warning("seals.off", detail="no trust folder or no sandbox; received files stay unexamined")
        return
    await examiner.run()
