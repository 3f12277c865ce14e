"""Figures for Prometheus: counts and ages, read at each scrape, shown only to the addresses the settings name. No personal data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from litestar import Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from sync_protocol.adapters.web.errors import PageUnknown


class Gauge(msgspec.Struct, frozen=True):
    """One figure: a name without its prefix, what it means, and one value per label value (`""`: no label)."""

    name: str
    meaning: str
    values: dict[str, float]
    label: str = ""


class _Shown(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(
                f"lienthong_{gauge.name}", gauge.meaning, labels=[gauge.label] if gauge.label else []
            )
            for label, value in gauge.values.items():
                family.add_metric([label] if gauge.label else [], value)
            yield family


def exposition(gauges: Iterable[Gauge]) -> Response[bytes]:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Shown(gauges))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def require_client(request: Request[Any, Any, Any], allowed: Collection[str]) -> None:
    """Let only the named addresses read figures.

    Raises:
        PageUnknown: anybody else; the page does not exist for them.
    """
    if request.client is None or request.client.host not in allowed:
        raise PageUnknown()


def readiness(reasons: Collection[str]) -> Response[str]:
    """200 when nothing speaks against work, else 503 with stable codes."""
    return Response(" ".join(reasons) or "ready", status_code=503 if reasons else 200, media_type="text/plain")
