"""The hub's event feed for other systems: one JetStream stream behind the database, never in front of it.

No promise to an office rests on it: the receipt follows the database commit, and the feed can be filled again from there.
Its messages carry the hub's own sequence as message id, so filling it again does not double what is still in the window.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import nats.js.errors
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo

from central_hub.enrolment.errors import ServerNotReady

FEED_STREAM: Final = "FEED"
FEED_SUBJECTS: Final = ("feed.>",)
FEED_AGE: Final = dt.timedelta(days=90)
FEED_MESSAGE_BYTES_MAX: Final = 262_144


def feed_config(feed_bytes: int, replicas: int) -> StreamConfig:
    """The stream: on disk, bounded in age and size, refusing new messages rather than dropping old ones when full."""
    return StreamConfig(
        name=FEED_STREAM,
        subjects=list(FEED_SUBJECTS),
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        storage=StorageType.FILE,
        max_age=FEED_AGE.total_seconds(),
        max_bytes=feed_bytes,
        max_msg_size=FEED_MESSAGE_BYTES_MAX,
        duplicate_window=3600,
        num_replicas=replicas,
        deny_delete=True,
        deny_purge=True,
    )


async def ensure_feed(client: Client, feed_bytes: int, replicas: int = 1) -> StreamInfo:
    """Create the stream where it is missing; an existing one is left as it is. Idempotent.

    Raises:
        ServerNotReady: JetStream is off, or the stream was refused.
    """
    streams = client.jetstream()
    try:
        return await streams.stream_info(FEED_STREAM)
    except nats.js.errors.NotFoundError:
        pass
    except (nats.errors.Error, TimeoutError) as error:
        raise ServerNotReady(seconds=5, reason=type(error).__name__) from None
    try:
        return await streams.add_stream(feed_config(feed_bytes, replicas))
    except (nats.errors.Error, TimeoutError) as error:
        raise ServerNotReady(seconds=5, reason=type(error).__name__) from None
