"""NATS subjects: the only place that turns a node's name and a verb into a subject, and a subject back into a node.

Invariant: a subject built here has exactly three tokens (two for a hint and a beat), none of which is a wildcard but where workers listen. A node's name is
therefore checked before it is ever joined: a name such as `*` inside a permission would open every other office's
subjects (it was shown to do so on a real server).
"""

from __future__ import annotations

import enum
import re
from typing import Final

from sync_protocol.errors import Problem

VERSION_TOKEN: Final = "s1"
HINT_TOKEN: Final = "hint"
CREW_TOKEN: Final = "crew"  # what the hub's workers say to each other; in no account but the hub's own
BEAT_SUBJECT: Final = f"{CREW_TOKEN}.beat"
QUEUE_GROUP: Final = "hub"
SERVICE_NAME: Final = "hub"

_NODE_NAME: Final = re.compile(r"[a-z][a-z0-9]{3,15}")
_WORKER_NAME: Final = re.compile(r"[0-9a-f]{16}")


class Verb(enum.StrEnum):
    """What a node may ask of the hub. `hint` is the one the hub sends by itself."""

    HELLO = "hello"
    PUSH = "push"
    PULL = "pull"
    OFFER = "offer"
    RANGE = "range"
    BLOB = "blob"
    LOOKUP = "lookup"
    HINT = "hint"


REQUEST_VERBS: Final = tuple(verb for verb in Verb if verb is not Verb.HINT)


class NodeNameRefused(Problem):
    """A name that cannot stand as one plain token of a subject."""

    code = "BUS-001"
    sentence = "Tên điểm phải gồm 4 đến 16 chữ thường không dấu và chữ số, bắt đầu bằng chữ."
    next_step = "Đặt lại tên điểm tại trung tâm rồi cấp tệp kết nối mới."
    operator = "node name outside ^[a-z][a-z0-9]{{3,15}}$ (length {length})"
    event = "bus.name.refused"


class SubjectRefused(Problem):
    """A subject that is not one of ours."""

    code = "BUS-002"
    sentence = "Có yêu cầu gửi tới trung tâm sai địa chỉ nên không được trả lời."
    next_step = "Không cần làm gì tại quầy. Bộ phận kỹ thuật xem mã BUS-002."
    operator = "subject is not s1.<node>.<verb> ({tokens} tokens)"
    event = "bus.subject.refused"


def check_node_name(name: str) -> str:
    """Return `name` unchanged when it is one plain subject token of 4 to 16 characters.

    >>> check_node_name("n00101a")
    'n00101a'

    Raises:
        NodeNameRefused: anything else, a wildcard and a trailing line break included.
    """
    if _NODE_NAME.fullmatch(name) is None:
        raise NodeNameRefused(length=len(name))
    return name


def request_subject(node: str, verb: Verb | str) -> str:
    """The subject on which `node` asks the hub.

    >>> request_subject("n00101a", "push")
    's1.n00101a.push'

    Raises:
        NodeNameRefused: the name is not a plain token.
        SubjectRefused: the verb is not one that a node may ask.
    """
    return f"{VERSION_TOKEN}.{check_node_name(node)}.{_request_verb(verb)}"


def hint_subject(node: str) -> str:
    """The subject on which the hub tells `node` that there is news.

    >>> hint_subject("n00101a")
    'hint.n00101a'

    Raises:
        NodeNameRefused: the name is not a plain token.
    """
    return f"{HINT_TOKEN}.{check_node_name(node)}"


def inbox_prefix(node: str) -> str:
    """The prefix under which `node` alone receives replies.

    >>> inbox_prefix("n00101a")
    '_INBOX.n00101a'

    Raises:
        NodeNameRefused: the name is not a plain token.
    """
    return f"_INBOX.{check_node_name(node)}"


def service_subject(verb: Verb | str) -> str:
    """The subject that hub workers serve: every node, one verb. Never given to a node.

    >>> service_subject("push")
    's1.*.push'

    Raises:
        SubjectRefused: the verb is not one that a node may ask.
    """
    return f"{VERSION_TOKEN}.*.{_request_verb(verb)}"


def node_and_verb(subject: str) -> tuple[str, Verb]:
    """Who asks what, read from the subject the server delivered (the server has already checked the permission).

    >>> node_and_verb("s1.n00101a.push")
    ('n00101a', <Verb.PUSH: 'push'>)

    Raises:
        SubjectRefused: not `s1.<node>.<verb>` with a verb that a node may ask.
        NodeNameRefused: the name is not a plain token.
    """
    tokens = subject.split(".")
    if len(tokens) != 3 or tokens[0] != VERSION_TOKEN:
        raise SubjectRefused(tokens=len(tokens))
    return check_node_name(tokens[1]), _request_verb(tokens[2])


def is_worker_name(name: str) -> bool:
    """Whether this can be a worker's name: sixteen hexadecimal digits, made at random when it starts.

    >>> is_worker_name("00ff00ff00ff00ff"), is_worker_name("*")
    (True, False)
    """
    return _WORKER_NAME.fullmatch(name) is not None


def handed_subject(worker: str, node: str) -> str:
    """Where a worker hands on to another what `node` pushed. Who gets it there answers it, and never hands it on again.

    >>> handed_subject("00ff00ff00ff00ff", "n00101a")
    'crew.00ff00ff00ff00ff.n00101a'

    Raises:
        NodeNameRefused: the name is not a plain token.
        SubjectRefused: no worker is called so.
    """
    return f"{_crew_of(worker)}.{check_node_name(node)}"


def handed_to_subject(worker: str) -> str:
    """Where a worker listens for what is handed on to it. Raises SubjectRefused when no worker is called so.

    >>> handed_to_subject("00ff00ff00ff00ff")
    'crew.00ff00ff00ff00ff.*'
    """
    return f"{_crew_of(worker)}.*"


def node_of_handed(subject: str) -> str:
    """Whose push was handed on at this subject.

    >>> node_of_handed("crew.00ff00ff00ff00ff.n00101a")
    'n00101a'

    Raises:
        SubjectRefused: nothing is handed on there.
        NodeNameRefused: the name is not a plain token.
    """
    tokens = subject.split(".")
    if len(tokens) != 3 or tokens[0] != CREW_TOKEN:
        raise SubjectRefused(tokens=len(tokens))
    return check_node_name(tokens[2])


def _crew_of(worker: str) -> str:
    if not is_worker_name(worker):
        raise SubjectRefused(tokens=3)
    return f"{CREW_TOKEN}.{worker}"


def _request_verb(verb: Verb | str) -> Verb:
    try:
        known = Verb(verb)
    except ValueError:
        raise SubjectRefused(tokens=3) from None
    if known is Verb.HINT:
        raise SubjectRefused(tokens=3)
    return known
