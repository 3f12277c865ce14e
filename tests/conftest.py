"""Async tests run on a fresh event loop each, no example of a property has a deadline, and folders of tests lie in memory; nothing else is shared."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from tests.memory_disk import memory_disk

settings.register_profile("house", deadline=None)  # timing never decides a test: a busy machine is no counterexample
settings.load_profile("house")

if (_memory := memory_disk()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_memory))  # where tmp_path begins, workers' too


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run coroutine tests without a plugin."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(autouse=True)
def _logs_stay_as_they_were() -> Iterator[None]:
    """A command that runs in this process configures the logs of every test behind it."""
    before = structlog.get_config() if structlog.is_configured() else None
    yield
    if before is None:
        structlog.reset_defaults()
    else:
        structlog.configure(**before)
