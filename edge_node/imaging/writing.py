"""The picture that every reader reads: the writing of a level page, without coloured seals, pale round stamps and dotted leaders, and dark where it was light on a band."""

from __future__ import annotations

from edge_node.imaging.bands import with_bands_inverted
from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.ink import red_channel
from edge_node.imaging.leaders import without_leaders
from edge_node.imaging.stamps import without_stamps


def writing(page: Page) -> Grey:
    """`(height, width) uint8`, dark on light; the page itself stays. Pure."""
    return without_leaders(without_stamps(with_bands_inverted(red_channel(page), page)))
