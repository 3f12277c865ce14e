"""What the hub leaves out of the news because this node wrote it: more than it wrote is somebody's copy of this log.

A page moves the cursor over as many places as it tells and leaves out; each own event stands at one place of its office's feed. Where hub and node
were put back to copies, another desk gives the hub what it held of this node's own work, after this node has greeted: the news pass over it, and only the
next greeting, minutes later, would say that the hub knows more. Counted, it is seen with the page.
"""

from __future__ import annotations

import apsw

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, write_number
from sync_protocol.messages import Pull, PullReply

_LEFT_OUT = "left_out"


def is_more_than_mine(connection: apsw.Connection, ask: Pull, page: PullReply) -> bool:
    """Count what a kept page left out since the feed was read from its start; True where that is more than the own lane has. In the page's transaction.

    What belongs to dossiers that the office has left is counted by the hub and is nobody's copy.

    A dossier that comes into the office's scope a second time is told twice: then a greeting is said in vain, once, and the surplus is forgotten.
    """
    before = read_number(connection, _LEFT_OUT) if ask.cursor else 0
    left_out = before + max(0, page.cursor - ask.cursor - len(page.events) - page.passed)
    mine = own_lane(connection).head.seq
    write_number(connection, _LEFT_OUT, min(left_out, mine))
    return left_out > mine
