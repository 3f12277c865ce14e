"""`edge-node doctor` for signing tokens: driver, token and certificate of each officer and of the agency, without any PIN."""

from __future__ import annotations

import datetime as dt

from edge_node.settings import NodeSettings
from edge_node.signing.device import look
from edge_node.signing.errors import KeyNotFound, TokenAbsent, TokenGone
from edge_node.signing.place import TokenPlace
from edge_node.signing.standing import standing_of
from sync_protocol.adapters.checkup import Check, Line, State
from sync_protocol.errors import Problem


def token_checks(settings: NodeSettings, now: dt.datetime) -> list[Check]:
    """One line for everybody whose key lies in a token; none at an office of key files."""
    owners = [(one.account, one.token) for one in settings.officers] + [("cơ quan", settings.agency.token)]
    return [_check(f"Thiết bị ký ({account})", place, now) for account, place in owners if place is not None]


def _check(name: str, place: TokenPlace, now: dt.datetime) -> Check:
    def line() -> Line:
        try:
            certificate = look(place)
        except (TokenAbsent, TokenGone) as problem:  # at night every token is in a drawer
            return Line(name, State.SOON, f"{problem.clerk_sentence} (mã {problem.code}: {problem.facts.get('found')})", problem.clerk_next_step)
        except KeyNotFound as problem:
            return Line(name, State.BROKEN, f"có thiết bị, không có chứng thư mang nhãn đã đặt (mã {problem.code})", "Xem lại token.key_label trong node.toml.")
        except Problem as problem:
            return Line(name, State.BROKEN, f"{problem.clerk_sentence} (mã {problem.code})", problem.clerk_next_step)
        standing = standing_of(name, certificate, (), now)
        if standing.warning:
            return Line(name, State.SOON, f"có thiết bị và chứng thư. {standing.warning}", standing.next_step)
        return Line(name, State.WELL, f"có trình điều khiển, thiết bị và chứng thư; còn {standing.days_left} ngày")

    return name, line
