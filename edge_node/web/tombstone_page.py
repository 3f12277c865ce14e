"""The page of a dossier that this office let go: its code, its procedure, when and why; nothing of a person."""

from __future__ import annotations

from litestar.response import Template

from edge_node.letting_go.service import wish_of
from edge_node.letting_go.tombstones import Tombstone
from edge_node.web.office import Office
from sync_protocol.calendar import vietnam_date


async def show_tombstone(office: Office, one: Tombstone) -> Template:
    """What is left of a dossier that was let go."""
    wish = await office.read(lambda c: wish_of(c, one.rid, office.node.desk.office))
    context = {
        "one": one, "procedure": name_of(office, one), "note": "" if wish is None else wish.note, "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("let_go.html", context=context)


def name_of(office: Office, one: Tombstone) -> str:
    """The procedure by its present name, or by its code where the catalogue knows none."""
    catalogue = office.catalogue()
    known = () if catalogue is None else catalogue.procedures_on(vietnam_date(office.node.now()))
    return next((each.name for each in known if each.code == one.procedure), one.procedure)
