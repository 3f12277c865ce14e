"""Device: finding a token and reading what it shows without a PIN.

Invariants: a driver runs inside this process, so it is loaded only from where nobody but root can write; and it is entered by one
thread at a time, because python-pkcs11 does not ask drivers for locking of their own. A token that was pulled out leaves some drivers confused
until they begin anew, which happens only while no key of that driver is open.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509

from edge_node.signing.errors import (
    DriverNotTrusted,
    KeyNotFound,
    PinLocked,
    PinRefused,
    TokenAbsent,
    TokenBusy,
    TokenGone,
)
from edge_node.signing.place import TokenPlace

DRIVER_WAIT_S = 60.0  # a token takes about a second per signature; beyond this the driver is taken for dead
_driver = threading.RLock()
_open_sessions: Counter[str] = Counter()


@contextmanager
def driver_alone(wait_s: float = DRIVER_WAIT_S) -> Iterator[None]:
    """Hold the drivers for one thread. Raises TokenGone when another has held them for `wait_s`."""
    if not _driver.acquire(timeout=wait_s):
        raise TokenGone(found="driver does not answer")
    try:
        yield
    finally:
        _driver.release()


@contextmanager
def token_faults() -> Iterator[None]:
    """What a driver reports, as this office says it."""
    from pkcs11 import exceptions

    try:
        yield
    except (exceptions.PinLocked, exceptions.PinExpired) as error:
        raise PinLocked(found=type(error).__name__) from error
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        raise PinRefused(found=type(error).__name__) from error
    except (exceptions.UserAlreadyLoggedIn, exceptions.AnotherUserAlreadyLoggedIn) as error:
        raise TokenBusy(found=type(error).__name__) from error
    except (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.TokenNotRecognised) as error:
        raise TokenAbsent(found=type(error).__name__) from error
    except exceptions.PKCS11Error as error:
        raise TokenGone(found=type(error).__name__) from error


@contextmanager
def signing_faults() -> Iterator[None]:
    """While signing, whatever a driver reports means that the opened session is of no more use."""
    from pkcs11 import exceptions

    try:
        yield
    except exceptions.PKCS11Error as error:
        raise TokenGone(found=type(error).__name__) from error


def note_session(driver: str, change: int) -> None:
    """Count a driver's open keys up (1) or down (-1)."""
    _open_sessions[str(Path(driver).resolve())] += change


def trusted_driver(driver: str) -> str:
    """The file behind a driver's path, links resolved, which only root can have put there.

    Raises:
        TokenAbsent: there is no such file. DriverNotTrusted: it, or a folder above it, can be written by others.
    """
    try:
        path = Path(driver).resolve(strict=True)
        writable = [one for one in (path, *path.parents) if (found := one.stat()).st_uid != 0 or found.st_mode & 0o022]
    except (OSError, RuntimeError) as error:
        raise TokenAbsent(found=f"no driver ({type(error).__name__})") from error
    if not Path(driver).is_absolute() or not path.is_file():
        raise TokenAbsent(found="no driver (not a file)")
    if writable:
        raise DriverNotTrusted(found="file" if path in writable else "folder")
    return str(path)


def find_token(place: TokenPlace) -> Any:
    """The plugged-in token of this label (and serial number). Raises TokenAbsent, DriverNotTrusted."""
    path = trusted_driver(place.driver)
    import pkcs11
    from pkcs11.exceptions import PKCS11Error

    try:
        library = pkcs11.lib(path)  # by its resolved path: one driver under two names would be begun twice
        found = _tokens(library, place)
        if not found and not _open_sessions[path]:
            library.reinitialize()
            found = _tokens(library, place)
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise TokenAbsent(found=type(error).__name__) from error
    if len(found) != 1:
        raise TokenAbsent(found=f"{len(found)} tokens of this label")
    return found[0]


def _tokens(library: Any, place: TokenPlace) -> list[Any]:
    """Every token that fits; a slot that fails is somebody else's trouble."""
    from pkcs11.exceptions import PKCS11Error

    found = []
    try:
        slots = library.get_slots(token_present=True)
    except PKCS11Error:
        return []
    for slot in slots:
        try:
            token = slot.get_token()
        except PKCS11Error:
            continue
        if token.label == place.label and place.serial in ("", _serial(token)):
            found.append(token)
    return found


def read_certificate(token: Any, key_label: str) -> tuple[x509.Certificate, bytes]:
    """The certificate under a label and the id it shares with its key; public, so no PIN is used. Raises KeyNotFound, TokenGone."""
    from pkcs11 import Attribute, ObjectClass

    with token_faults():
        session = token.open()
        try:
            found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: key_label}))
            if len(found) != 1:
                raise KeyNotFound(found=f"{len(found)} certificates")
            return x509.load_der_x509_certificate(found[0][Attribute.VALUE]), _id_of(found[0])
        except ValueError as error:
            raise KeyNotFound(found="a certificate that does not parse") from error
        finally:
            session.close()


def _id_of(certificate: Any) -> bytes:
    from pkcs11 import Attribute
    from pkcs11.exceptions import PKCS11Error

    try:
        return bytes(certificate[Attribute.ID])
    except PKCS11Error:
        return b""


class ShownToken(msgspec.Struct, frozen=True):
    """A plugged-in token as it shows itself without a PIN: what settings need to name a key on it."""

    label: str
    serial: str
    key_labels: tuple[str, ...]


def shown_by(driver: str) -> tuple[ShownToken, ...]:
    """The plugged-in tokens of a driver. Raises TokenAbsent (no such driver), DriverNotTrusted, TokenGone."""
    path = trusted_driver(driver)
    import pkcs11

    with driver_alone(), token_faults():
        library = pkcs11.lib(path)
        if not _open_sessions[path]:
            library.reinitialize()
        return tuple(_shown(slot.get_token()) for slot in library.get_slots(token_present=True) if _is_ready(slot))


def _is_ready(slot: Any) -> bool:
    from pkcs11 import TokenFlag
    from pkcs11.exceptions import PKCS11Error

    try:
        return bool(slot.get_token().flags & TokenFlag.TOKEN_INITIALIZED)
    except PKCS11Error:
        return False


def _shown(token: Any) -> ShownToken:
    from pkcs11 import Attribute, ObjectClass

    session = token.open()
    try:
        found = [str(one[Attribute.LABEL]) for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})]
    finally:
        session.close()
    return ShownToken(token.label, _serial(token), tuple(sorted(found)))


def _serial(token: Any) -> str:
    return str(token.serial.decode("utf-8", "replace")).strip()


def look(place: TokenPlace) -> x509.Certificate:
    """Whether driver, token and certificate are there now, without a PIN.

    Raises:
        DriverNotTrusted, TokenAbsent, KeyNotFound, TokenGone.
    """
    with driver_alone():
        return read_certificate(find_token(place), place.key_label)[0]
