"""People of this office: who has which roles; add, block, reset; a new password; the token of a signing key; letting an account try again. For administrators only."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.people.keeping import ROLES, Keeping
from edge_node.people.passwords import set_password
from edge_node.signing.certificates import holder_name
from edge_node.signing.device import ShownToken, look, shown_by
from edge_node.signing.office_keys import AGENCY_ACCOUNT
from edge_node.signing.place import TokenPlace
from edge_node.web.office import Office
from edge_node.web.roles import KEEPERS, only
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem


class PasswordForm(msgspec.Struct):
    """A new password."""

    password: str = ""


class TokenBoxes(msgspec.Struct):
    """Where a key lies on a token, as typed."""

    driver: str = ""
    label: str = ""
    key_label: str = ""
    serial: str = ""

    def place(self) -> TokenPlace:
        """What was typed, without the blanks around it."""
        return TokenPlace(self.driver.strip(), self.label.strip(), self.key_label.strip(), self.serial.strip())


class TokenAnswer(msgspec.Struct, frozen=True):
    """What came of naming a token: what was typed, whether it is saved, and what the token shows without a PIN."""

    account: str
    place: TokenPlace
    is_saved: bool = False
    holder: str = ""
    doubt: Problem | None = None
    shown: tuple[ShownToken, ...] | None = None


TokenForm = Annotated[TokenBoxes, Body(media_type=RequestEncodingType.URL_ENCODED)]
Form = Annotated[PasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(
    office: Office,
    state: State,
    problem: Problem | None = None,
    *,
    given: tuple[str, str] | None = None,
    typed: dict[str, Any] | None = None,
    token: TokenAnswer | None = None,
) -> Template:
    """The list; `given` is an account with its first password, shown this once; `token` what a driver shows."""
    door: Door = state.door
    with_password = await office.do(door.passwords.accounts)
    officers = office.node.settings.officers
    context = {
        "officers": officers, "with_password": with_password, "problem": problem, "given": given, "typed": typed or {}, "roles": ROLES,
        "factors": {one.account for one in officers if door.passwords.has_second_factor(one.account)},
        "bar": await office.read(office.bar()), "agency": office.node.settings.agency, "agency_account": AGENCY_ACCOUNT, "token": token,
    }  # fmt: skip
    return Template("people.html", context=context, status_code=problem.http_status if problem else 200)


@get("/people", opt=only(*KEEPERS))
async def people(office: Office, state: State) -> Template:
    """Every account with its roles."""
    return await _show(office, state)


@post("/people", opt=only(*KEEPERS), status_code=200)
async def add(office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """One more account; its first password is shown once."""
    form, keeping = await request.form(), state.keeping
    typed = {
        "account": str(form.get("account", "")),
        "name": str(form.get("name", "")),
        "roles": [str(one) for one in form.getall("roles", [])],
    }
    try:
        password = await office.do(
            lambda: keeping.add(visitor.account, typed["account"], typed["name"], typed["roles"])
        )
    except Problem as problem:
        return await _show(office, state, problem, typed=typed)
    return await _show(office, state, given=(str(typed["account"]).strip(), password))


@post("/people/{account:str}/password", opt=only(*KEEPERS), status_code=303)
async def give_password(office: Office, state: State, account: str, data: Form) -> Response[Any]:
    """Set a password; the account may try at once."""
    door: Door = state.door
    try:
        await office.do(lambda: set_password(door.passwords, office.node.desk.officers, account, data.password))
    except Problem as problem:
        return await _show(office, state, problem)
    await door.unlock(account)
    return Redirect("/people", status_code=303)


@post("/people/{account:str}/unlock", opt=only(*KEEPERS), status_code=303)
async def unlock(state: State, account: str) -> Redirect:
    """End the wait after wrong tries."""
    await state.door.unlock(account)
    return Redirect("/people", status_code=303)


@post("/people/{account:str}/block", opt=only(*KEEPERS), status_code=303)
async def block(office: Office, state: State, visitor: Visitor, account: str) -> Response[Any]:
    """Shut an account out at once."""
    keeping: Keeping = state.keeping
    try:
        await office.do(lambda: keeping.block(visitor.account, account))
    except Problem as problem:
        return await _show(office, state, problem)
    return Redirect("/people", status_code=303)


@post("/people/{account:str}/reset", opt=only(*KEEPERS), status_code=200)
async def reset(office: Office, state: State, visitor: Visitor, account: str) -> Template:
    """A fresh first password without second factor, shown once."""
    keeping: Keeping = state.keeping
    try:
        password = await office.do(lambda: keeping.reset(visitor.account, account))
    except Problem as problem:
        return await _show(office, state, problem)
    return await _show(office, state, given=(account, password))


@post("/people/{account:str}/token", opt=only(*KEEPERS), status_code=200)
async def officer_token(office: Office, state: State, visitor: Visitor, account: str, data: TokenForm) -> Template:
    """The token that holds an officer's key."""
    return await _name_token(office, state, visitor, account, data.place())


@post("/agency-token", opt=only(*KEEPERS), status_code=200)
async def agency_token(office: Office, state: State, visitor: Visitor, data: TokenForm) -> Template:
    """The token that holds the agency's key."""
    return await _name_token(office, state, visitor, AGENCY_ACCOUNT, data.place())


async def _name_token(office: Office, state: State, visitor: Visitor, account: str, place: TokenPlace) -> Template:
    """Save it and say what is seen of it now; a driver alone only lists what is plugged in; nothing at all takes the token away."""
    keeping: Keeping = state.keeping
    wanted = place if any(msgspec.to_builtins(place).values()) else None
    try:
        if wanted and wanted.driver and not (wanted.label or wanted.key_label):
            shown = await office.do(lambda: shown_by(place.driver))
            return await _show(office, state, token=TokenAnswer(account, place, shown=shown))
        await office.do(lambda: keeping.set_token(visitor.account, account, wanted))
    except Problem as problem:
        return await _show(office, state, problem, token=TokenAnswer(account, place))
    if wanted is None:
        return await _show(office, state, token=TokenAnswer(account, place, is_saved=True))
    return await _show(office, state, token=await office.do(lambda: _seen(account, place)))


def _seen(account: str, place: TokenPlace) -> TokenAnswer:
    try:
        return TokenAnswer(account, place, is_saved=True, holder=holder_name(look(place)))
    except Problem as problem:
        return TokenAnswer(account, place, is_saved=True, doubt=problem)


people_router = Router(
    "/", route_handlers=[people, add, give_password, unlock, block, reset, officer_token, agency_token]
)
