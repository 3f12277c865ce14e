"""The hub's application: the kit with the hub's routes and accounts."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import NamedTuple

from argon2 import PasswordHasher
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from central_hub.app import Hub
from central_hub.cases.answer_routes import ROUTES as ANSWER_ROUTES
from central_hub.cases.web_routes import ROUTES as CASES_ROUTES
from central_hub.complaints.web_routes import ROUTES as COMPLAINT_ROUTES
from central_hub.directory.sheets import sheet_sandbox
from central_hub.directory.web_browse import ROUTES as BROWSE_ROUTES
from central_hub.directory.web_drafts import ROUTES as DRAFT_ROUTES
from central_hub.directory.web_entries import ROUTES as ENTRY_ROUTES
from central_hub.directory.web_state import law_desk_of
from central_hub.directory.web_units import ROUTES as UNIT_ROUTES
from central_hub.enrolment.web_routes import ROUTES as NODE_ROUTES
from central_hub.erasure.web_routes import ROUTES as ERASURE_ROUTES
from central_hub.figures.web_routes import ROUTES as FIGURES_ROUTES
from central_hub.gateways.web_routes import ROUTES as GATEWAY_ROUTES
from central_hub.lookup.web_routes import ROUTES as LOOKUP_ROUTES
from central_hub.numbers.web_routes import ROUTES as NUMBERS_ROUTES
from central_hub.operations.fleet_routes import ROUTES as FLEET_ROUTES
from central_hub.operations.web_routes import ROUTES
from central_hub.people.accounts import Accounts
from central_hub.people.passkey_routes import ROUTES as PASSKEY_ROUTES
from central_hub.people.passkeys import Challenges, Site
from central_hub.people.web_routes import ROUTES as PEOPLE_ROUTES
from central_hub.seals.lists_routes import ROUTES as LISTS_ROUTES
from central_hub.seals.web_routes import ROUTES as SEALS_ROUTES
from central_hub.surveys.web_routes import ROUTES as SURVEY_ROUTES
from central_hub.web.roles import ALL_ROLES, AUDITORS, LOOKERS, READERS_OF_LAW, SETTLERS, WATCHERS, WORKLISTS
from central_hub.web.routes import hub_router
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web.guard import Visitor, signed_in
from sync_protocol.adapters.web.kit import make_app

FOLDER = Path(__file__).parent
REFRESH_S = 5  # how often open pages ask for what changed
FLEET_S = 1.5  # the fleet: an office that falls silent is on screen within five seconds


class Page(NamedTuple):
    """One entry of the menu."""

    href: str
    word: str
    roles: tuple[str, ...]


PAGES = (
    Page("/fleet", "menu.fleet", WATCHERS),
    Page("/alarms", "menu.alarms", WATCHERS),
    Page("/dossiers", "menu.dossiers", WORKLISTS),
    Page("/cases", "menu.cases", SETTLERS),
    Page("/complaints", "menu.complaints", SETTLERS),
    Page("/numbers", "menu.numbers", SETTLERS),
    Page("/lookup", "menu.lookup", LOOKERS),
    Page("/looks", "menu.looks", AUDITORS),
    Page("/oversight", "menu.oversight", WATCHERS),
    Page("/reports", "menu.reports", WATCHERS),
    Page("/quarantine", "menu.quarantine", ("operator", "auditor")),
    Page("/gateways", "menu.gateways", WATCHERS),
    Page("/erasures", "menu.erasures", SETTLERS),
    Page("/catalogue", "menu.catalogue", ALL_ROLES),
    Page("/drafts", "menu.drafts", READERS_OF_LAW),
    Page("/offices", "menu.offices", WORKLISTS),
    Page("/officers", "menu.officers", WATCHERS),
    Page("/accounts", "menu.accounts", WATCHERS),
)


def make_web(hub: Hub, *, is_tls: bool = False, hasher: PasswordHasher | None = None) -> Litestar:
    """The hub's pages."""
    accounts = Accounts(hub.folder.root, hasher)
    site = site_of(hub) if is_tls else None

    def find(account: str) -> Visitor | None:
        found = accounts.find(account)
        return None if found is None or found.is_blocked else Visitor(found.account, found.name, found.roles)

    return make_app(
        [
            hub_router,
            *ROUTES,
            *FLEET_ROUTES,
            *PEOPLE_ROUTES,
            *PASSKEY_ROUTES,
            *SEALS_ROUTES, *LISTS_ROUTES,
            *ERASURE_ROUTES,
            *FIGURES_ROUTES,
            *CASES_ROUTES,
            *ANSWER_ROUTES, *LOOKUP_ROUTES, *NUMBERS_ROUTES, *GATEWAY_ROUTES, *SURVEY_ROUTES, *COMPLAINT_ROUTES,
            *BROWSE_ROUTES,
            *DRAFT_ROUTES,
            *ENTRY_ROUTES,
            *UNIT_ROUTES,
            *NODE_ROUTES,
        ],
        door=Door(accounts.passwords, hub.store.writer, hub.store.readers, hub.now_ms), find_visitor=find,
        writer=hub.store.writer, readers=hub.store.readers, now_ms=hub.now_ms, form_secret=hub.keys.derived("sessions").hex(),
        folder=FOLDER, is_tls=is_tls, state={"hub": hub, "accounts": accounts, "pages": PAGES, "law_desk": law_desk_of(hub), "sheets": sheet_sandbox(), "handouts": {}, "site": site, "challenges": Challenges(hub.now_ms, secrets.token_bytes)},
        constants={"product": "Liên Thông", "place_name": hub.settings.name, "pages": PAGES, "refresh_s": REFRESH_S, "fleet_s": FLEET_S, "passkeys": site is not None, "person_name": accounts.name_of},
        dependencies={"hub": Provide(_hub, sync_to_thread=False), "visitor": Provide(signed_in, sync_to_thread=False)},
    )  # fmt: skip


def site_of(hub: Hub) -> Site | None:
    """Where browsers open the pages, when the settings give them a name."""
    web = hub.settings.web
    port = web.public_port or web.port
    return Site(web.name, f"https://{web.name}" + ("" if port == 443 else f":{port}")) if web.name else None


def _hub(state: State) -> Hub:
    found: Hub = state.hub
    return found
