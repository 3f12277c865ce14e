"""The node's application: the kit with the desk's routes, the officers of the settings, and the moving parts beside it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import NamedTuple

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from edge_node.app import Node
from edge_node.operations.web_routes import ROUTES as FIGURES
from edge_node.people.keeping import Keeping
from edge_node.people.passwords import open_passwords
from edge_node.web.api.routes import api_router, openapi_config
from edge_node.web.live import LiveState
from edge_node.web.office import Office
from edge_node.web.roles import COUNTER, KEEPERS, LOOKERS, STAFF
from edge_node.web.routes.applications import applications_router
from edge_node.web.routes.capture import capture_router
from edge_node.web.routes.case_answers import case_answers_router
from edge_node.web.routes.conflicts import conflicts_router
from edge_node.web.routes.correcting import correcting_router
from edge_node.web.routes.counter import counter_router
from edge_node.web.routes.decision import decision_router
from edge_node.web.routes.dossier import dossier_router
from edge_node.web.routes.first_run import first_run_router
from edge_node.web.routes.intake import intake_router
from edge_node.web.routes.letting_go import letting_go_router
from edge_node.web.routes.lookup import lookup_router
from edge_node.web.routes.my_account import my_account_router
from edge_node.web.routes.people import people_router
from edge_node.web.routes.queue import queue_router
from edge_node.web.routes.receipt import receipt_router
from edge_node.web.routes.reports import reports_router
from edge_node.web.routes.reuse import reuse_router
from edge_node.web.routes.review import review_router
from edge_node.web.routes.revoking import revoking_router
from edge_node.web.routes.seals import seals_router
from edge_node.web.routes.sources import sources_router
from edge_node.web.routes.system import WATCHERS, system_router
from edge_node.web.routes.today import today_router
from edge_node.web.routes.tray import tray_router
from edge_node.web.routes.waiting import waiting_router
from edge_node.web.routes.work import work_router
from edge_node.web.today_list import ROWS
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.people.passwords import Passwords
from sync_protocol.adapters.web.guard import ANYONE_SIGNED_IN, Visitor, signed_in
from sync_protocol.adapters.web.kit import make_app

FOLDER = Path(__file__).parent
REFRESH_S = 5  # how often open pages ask for what changed


class Page(NamedTuple):
    """One entry of the menu: address, words, and who sees it."""

    href: str
    word: str
    roles: tuple[str, ...] = ANYONE_SIGNED_IN


PAGES = (
    Page("/today", "menu.today", STAFF),
    Page("/quay", "menu.counter", ("intake",)),
    Page("/intake", "menu.intake", COUNTER),
    Page("/applications", "menu.applications", ("intake",)),
    Page("/tray", "menu.tray", ("intake",)),
    Page("/queue", "menu.queue"),
    Page("/conflicts", "menu.conflicts", STAFF),
    Page("/lookup", "menu.lookup", LOOKERS),
    Page("/repository", "menu.repository", STAFF),
    Page("/agency-signatures", "menu.seals", ("clerk",)),
    Page("/bao-cao", "menu.reports", STAFF),
    Page("/people", "menu.people", KEEPERS),
    Page("/system", "menu.system", WATCHERS),
    Page("/log", "menu.log", WATCHERS),
)


def make_web(node: Node, state: LiveState, *, is_tls: bool = False, passwords: Passwords | None = None, refresh_s: int = REFRESH_S,
    first_run_code: str = "",
) -> Litestar:  # fmt: skip
    """The desk's pages over a node. `state` may gain its driver later; `first_run_code` opens the wizard while nobody can sign in."""
    passwords = passwords or open_passwords(node.folder.root)
    door = Door(passwords, node.store.writer, node.store.readers, node.desk.now_ms)
    office = Office(node, state)

    def find_visitor(account: str) -> Visitor | None:
        return next(
            (Visitor(one.account, one.name, one.roles) for one in node.settings.officers if one.account == account),
            None,
        )

    return make_app(
        (*ROUTES, *FIGURES), door=door, find_visitor=find_visitor, writer=node.store.writer, readers=node.store.readers, now_ms=node.desk.now_ms,
        form_secret=node.keys.derived("sessions").hex(), folder=FOLDER, is_tls=is_tls, openapi=openapi_config(),
        state={"office": office, "keeping": Keeping(node, passwords, secrets.token_bytes), "first_run_code": first_run_code},
        constants={"product": "Liên Thông", "place_name": node.settings.office_name, "pages": PAGES, "refresh_s": refresh_s, "rows_shown": ROWS, "key_problem": office.key_problem, "key_warning": office.key_warning, "has_open_key": office.has_open_key, "asks_pin": office.asks_pin, "agency_asks_pin": office.agency_asks_pin, "office_name": office.office_name, "officer_name": office.officer_name},
        dependencies={
            "office": Provide(_office, sync_to_thread=False),
            "visitor": Provide(signed_in, sync_to_thread=False),
        },
    )  # fmt: skip


ROUTES = (
    today_router,
    counter_router,
    reports_router,
    queue_router,
    dossier_router,
    work_router,
    capture_router,
    decision_router,
    tray_router,
    sources_router,
    review_router,
    intake_router,
    applications_router,
    waiting_router,
    reuse_router,
    conflicts_router,
    case_answers_router,
    letting_go_router,
    revoking_router,
    correcting_router,
    receipt_router,
    lookup_router,
    people_router,
    my_account_router,
    first_run_router,
    api_router,
    seals_router,
    system_router,
)


def _office(state: State) -> Office:
    found: Office = state.office
    return found
