"""One bounded look for network scanners that announce themselves (mDNS/DNS-SD), when the administrator asks; never in the background.

Answers come from whoever is on the office network: lengths and counts are bounded, and an address counts only when it is in a private
network that this machine itself stands in. Nothing is asked of a device here; nothing of what was heard is logged.

Source: RFC 6762, RFC 6763; Mopria eSCL specification 2.97 (`_uscan._tcp`, `_uscans._tcp`; TXT `rs`, `ty`).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from edge_node.capture.source_errors import ScannerSearchBlocked

if TYPE_CHECKING:
    from zeroconf import ServiceStateChange, Zeroconf

Interface = ipaddress.IPv4Interface
SCHEMES = {"_uscan._tcp.local.": "http", "_uscans._tcp.local.": "https"}
LISTEN_S, ASK_S = 2.0, 1.0
ANNOUNCED_MAX, FOUND_MAX = 64, 20
TEXT_MAX = 60
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,31}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,31}){0,3}")


class FoundScanner(msgspec.Struct, frozen=True):
    """A scanner as it announced itself: its name, its eSCL address, its model (may be empty). At most 60 characters of text each."""

    name: str
    address: str
    model: str


class Announcement(msgspec.Struct, frozen=True):
    """What was heard, unjudged. `hosts` are IPv4 addresses in dotted form."""

    service: str
    instance: str
    hosts: tuple[str, ...]
    port: int
    text: Mapping[bytes, bytes | None]


async def find_scanners(
    interfaces: Sequence[Interface] | None = None, listen_s: float = LISTEN_S
) -> tuple[FoundScanner, ...]:
    """Listen for about three seconds on the private networks of this machine; at most 20 scanners, by name.

    Raises:
        ScannerSearchBlocked: CAP-038, this machine lets nobody listen.
    """
    try:
        mine = private_interfaces() if interfaces is None else list(interfaces)
        heard = await _listen(mine, listen_s) if mine else []
    except OSError as cause:
        raise ScannerSearchBlocked(why=type(cause).__name__) from cause
    return chosen(heard, mine)


def private_interfaces() -> list[Interface]:
    """This machine's addresses in private networks, without the loopback."""
    import ifaddr

    every = [
        ipaddress.IPv4Interface(f"{one.ip}/{one.network_prefix}")
        for adapter in ifaddr.get_adapters()
        for one in adapter.ips
        if one.is_IPv4
    ]
    return [one for one in every if one.ip.is_private and not one.ip.is_loopback]


def chosen(heard: Sequence[Announcement], interfaces: Sequence[Interface]) -> tuple[FoundScanner, ...]:
    """The announcements that name a scanner one may add, each once; plain HTTP first where a device offers both. Pure."""
    found: dict[str, FoundScanner] = {}
    for one in sorted(heard, key=lambda said: SCHEMES.get(said.service, "z")):
        scanner = judged(one, interfaces)
        if scanner is None:
            continue
        host, path = re.sub(r"^https?://([^:/]+)(?::\d+)?", r"\1 ", scanner.address).split(" ")
        both = one.service.startswith("_uscans") and any(
            key.startswith(f"http://{host}:") and key.endswith(path) for key in found
        )
        if not both:
            found.setdefault(scanner.address, scanner)
    return tuple(sorted(found.values(), key=lambda scanner: (scanner.name, scanner.address))[:FOUND_MAX])


def judged(said: Announcement, interfaces: Sequence[Interface]) -> FoundScanner | None:
    """The scanner an announcement names, or None where it cannot be trusted to be one of this network. Pure."""
    scheme = SCHEMES.get(said.service)
    host = next((one for one in said.hosts[:8] if _is_near(one, interfaces)), None)
    path = (said.text.get(b"rs") or b"eSCL").decode("ascii", "replace").strip("/")
    if scheme is None or host is None or not 0 < said.port < 65536 or not _PATH.fullmatch(path):
        return None
    model = _bare(said.text.get(b"ty") or b"")
    name = _bare(said.instance.encode("utf-8", "replace")) or model
    return FoundScanner(name, f"{scheme}://{host}:{said.port}/{path}", model) if name else None


def _is_near(host: str, interfaces: Sequence[Interface]) -> bool:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return address.is_private and not address.is_unspecified and any(address in one.network for one in interfaces)


def _bare(text: bytes) -> str:
    """Text without control, direction and other invisible characters, in one line, shortened."""
    decoded = unicodedata.normalize("NFC", text[:1024].decode("utf-8", "ignore"))
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in decoded)
    return " ".join(visible.split())[:TEXT_MAX].strip()


async def _listen(interfaces: Sequence[Interface], listen_s: float) -> list[Announcement]:
    from zeroconf import DNSQuestionType, IPVersion
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

    names: dict[tuple[str, str], None] = {}

    def note(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if len(names) < ANNOUNCED_MAX:
            names.setdefault((service_type, name))

    opened = AsyncZeroconf(interfaces=[str(one.ip) for one in interfaces], ip_version=IPVersion.V4Only)
    try:
        # Asked for by multicast: where another program shares port 5353, a unicast answer may reach that one instead.
        browser = AsyncServiceBrowser(opened.zeroconf, list(SCHEMES), handlers=[note], question_type=DNSQuestionType.QM)
        await asyncio.sleep(listen_s)
        await browser.async_cancel()
        asked = await asyncio.gather(*(_details(opened.zeroconf, *one) for one in names))
        return [one for one in asked if one is not None]
    finally:
        await opened.async_close()


async def _details(zeroconf: Zeroconf, service: str, name: str) -> Announcement | None:
    from zeroconf import BadTypeInNameException, DNSQuestionType, IPVersion
    from zeroconf.asyncio import AsyncServiceInfo

    try:
        info = AsyncServiceInfo(service, name)
        if not await info.async_request(zeroconf, ASK_S * 1000, DNSQuestionType.QM):
            return None
        hosts = tuple(str(one) for one in info.ip_addresses_by_version(IPVersion.V4Only))
        return Announcement(service, name.removesuffix(f".{service}"), hosts, info.port or 0, dict(info.properties))
    except (BadTypeInNameException, ValueError):
        # A name or a text that the library does not take: one device less, the others stay.
        return None
