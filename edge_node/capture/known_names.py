"""Known names: what the catalogue and the list of administrative units call offices, bodies and places, for the reading of papers."""

from __future__ import annotations

from edge_node.desk import Desk
from edge_node.extraction.gazetteer import Gazetteer
from sync_protocol.areas import Areas
from sync_protocol.catalogue import Catalogue


def gazetteer_of(desk: Desk) -> Gazetteer:
    """Known names from the catalogue of the day, old and new (C.8: papers of dissolved offices stay valid). Made once for a catalogue."""
    catalogue, areas = desk.catalogue, desk.current_areas()
    if desk.known_names is None or desk.known_names[0] is not catalogue or desk.known_names[1] is not areas:
        desk.known_names = (catalogue, areas, names_of(catalogue, areas))
    return desk.known_names[2]


def names_of(catalogue: Catalogue, areas: Areas | None) -> Gazetteer:
    """The names that a catalogue and its list of administrative units hold."""
    return Gazetteer(
        agencies=tuple(dict.fromkeys(unit.name for unit in catalogue.units)),
        procedures=tuple(one.name for one in catalogue.procedures),
        places=tuple(dict.fromkeys(one.name for one in catalogue.provinces)),
        areas=areas or Areas(),
    )
