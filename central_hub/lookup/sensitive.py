"""Sensitive papers: health, biometrics, bank accounts, relatives. They are told of, and opened, only for a procedure that asks for that type.

The procedure is that of the dossier which the purpose names: as the hub knows it, where the dossier is here and is the asking office's own; as the desk says,
for a draft. Naming the very dossier that is looked at counts while it can still be continued: who takes it over must read it. What an office
has in its scope it has already. Which types are sensitive stands in the catalogue, marked provisional there.
Source: domain.md E.1, E.2 rules 4 and 6; Luật 91/2025/QH15 (sensitive personal data).
"""

from __future__ import annotations

import apsw

from central_hub.ingest.feed import is_in_scope
from central_hub.lookup.errors import SensitiveWithheld
from sync_protocol.adapters import projection
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import OfficeCode
from sync_protocol.lifecycle import OVER
from sync_protocol.messages import Purpose
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView


def withheld_types(
    connection: apsw.Connection, catalogue: Catalogue | None, view: DossierView, office: OfficeCode, purpose: Purpose
) -> frozenset[str]:
    """The types among a dossier's papers that may not be told for this purpose; none while no catalogue is published."""
    types = {one.document_type for one in view.documents} | {
        one.document_type for one in view.components if one.documents
    }
    held = {one for one in types if catalogue is not None and is_sensitive(catalogue, one)}
    if not held or catalogue is None or _is_continued(view, purpose) or is_in_scope(connection, view.rid, office):
        return frozenset()
    return frozenset(held - listed_by(catalogue, _procedure_of(connection, view, office, purpose)))


def require_open(
    connection: apsw.Connection, catalogue: Catalogue | None, view: DossierView, office: OfficeCode, purpose: Purpose
) -> None:
    """Let a dossier be opened whole, or not at all: its events tell what stands on its papers. Raises SensitiveWithheld."""
    held = withheld_types(connection, catalogue, view, office, purpose)
    if held:
        raise SensitiveWithheld(types=", ".join(sorted(held)))


def is_sensitive(catalogue: Catalogue, document_type: str) -> bool:
    """Whether any version of a type is marked; a type the catalogue never had is treated as marked."""
    versions = [one for one in catalogue.document_types if one.code == document_type]
    return bool(document_type) and (not versions or any(one.is_sensitive for one in versions))


def listed_by(catalogue: Catalogue, procedure: str) -> frozenset[str]:
    """The types that any version of a procedure asks for: a dossier keeps its version."""
    return frozenset(
        rule.document_type for one in catalogue.procedures if one.code == procedure for rule in one.components
    )


def _is_continued(view: DossierView, purpose: Purpose) -> bool:
    """Whether the purpose is the very dossier, while it can still be continued: then all that a desk accepted into it is part of the case."""
    return view.state not in OVER and " ".join(purpose.dossier.split()).upper() in {
        view.code,
        *view.other_codes,
        view.presented_as,
    } - {""}


def _procedure_of(connection: apsw.Connection, view: DossierView, office: OfficeCode, purpose: Purpose) -> str:
    named = projection.find(connection, key_for("code", purpose.dossier), 1)
    if not named:
        return purpose.procedure
    own = named[0]
    if own.rid == view.rid:
        return ""
    return own.procedure if office == "hub" or is_in_scope(connection, own.rid, office) else ""
