"""A page is drawn by a thread: the loop goes on answering, and what goes wrong while drawing is answered as before."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from litestar import Litestar, Request, Response, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from litestar.testing import TestClient

from sync_protocol.adapters.web.drawing import drawn_beside

PAGES = {"drawn.html": "<p>{{ who() }} {{ word }}</p>", "broken.html": "{{ nowhere.at_all }}"}


@get("/drawn")
async def drawn() -> Template:
    loop = threading.current_thread().name
    return Template("drawn.html", context={"word": f"not {loop}"}, status_code=418, headers={"x-kept": "yes"})


@get("/broken")
async def broken() -> Template:
    return Template("broken.html")


@get("/plain")
async def plain() -> Response[str]:
    return Response("as it is")


def on_any(_: Request[object, object, object], error: Exception) -> Response[str]:
    return Response(type(error).__name__, status_code=500)


@pytest.fixture
def web() -> Iterator[TestClient[Litestar]]:
    environment = Environment(loader=DictLoader(PAGES), undefined=StrictUndefined, autoescape=True)
    environment.globals["who"] = lambda: threading.current_thread().name
    app = Litestar(
        [drawn, broken, plain], after_request=drawn_beside, exception_handlers={Exception: on_any},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
    )  # fmt: skip
    with TestClient(app) as client:
        yield client


def test_a_page_is_drawn_by_another_thread_with_its_status_and_headers(web: TestClient[Litestar]) -> None:
    answer = web.get("/drawn")
    drawer, loop = answer.text.removeprefix("<p>").removesuffix("</p>").split(" not ")
    assert drawer != loop
    assert (answer.status_code, answer.headers["x-kept"]) == (418, "yes")
    assert answer.headers["content-type"].startswith("text/html")


def test_what_goes_wrong_while_drawing_is_answered_as_a_failure(web: TestClient[Litestar]) -> None:
    answer = web.get("/broken")
    assert (answer.status_code, answer.text) == (500, "UndefinedError")


def test_what_is_no_page_goes_out_as_it_is(web: TestClient[Litestar]) -> None:
    assert web.get("/plain").text == "as it is"
