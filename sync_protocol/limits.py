"""Every bound of the protocol, with its unit. A bound without a test at the bound is a wish."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

PROTOCOL_VERSION_MIN: Final = 1
PROTOCOL_VERSION_MAX: Final = 1

BATCH_EVENTS_MAX: Final = 500
BATCH_BYTES_MAX: Final = 1_048_576  # compressed, one NATS message
FRAME_PLAIN_BYTES_MAX: Final = 4_194_304  # after decompression; a bomb stops here
EVENT_BODY_BYTES_MAX: Final = 262_144
EVENT_BASE_MAX: Final = 512
EVENT_NAME_CHARS_MAX: Final = 128  # of a type or an actor
NATURAL_MAX: Final = 2**62  # what both databases and both codecs hold without rounding

Natural = Annotated[int, msgspec.Meta(ge=0, le=NATURAL_MAX)]  # a number that a peer chose and a database will store

PULL_EVENTS_MAX: Final = 500
BATCHES_IN_FLIGHT: Final = 4
BATCHES_IN_FLIGHT_MAX: Final = 8  # while full ones are answered quickly: four are committed together while the next four come
SLOW_LINE_BATCH_EVENTS: Final = 50
SLOW_LINE_ROUND_TRIP_MS: Final = 250  # a greeting that takes longer came over a bad line: begin with small batches
SLOW_ANSWER_MS: Final = 3_000
FAST_ANSWER_MS: Final = 750
SLOW_LINE_BYTES_IN_FLIGHT: Final = 65_536  # plain, one message: four under way are about 80 kB on the line
CHUNK_BYTES: Final = 262_144
BLOB_BYTES_MAX: Final = 268_435_456
SNAPSHOT_PART_DOSSIERS: Final = 5_000
SNAPSHOT_PART_BYTES_MAX: Final = 536_870_912  # after decompression
SNAPSHOT_PARTS_MAX: Final = 10_000
SNAPSHOT_FROM_EVENTS: Final = 5_000  # a feed shorter than this is pulled as fast
EXISTENCE_OFFICES_MAX: Final = 65_536  # 16 bits of an entry
EXISTENCE_FILE_ENTRIES_MAX: Final = 4_000_000  # 32 MB: a larger country is cut into several files
EXISTENCE_FILES_MAX: Final = 64
CUT_OFF_MAX: Final = 20_000  # names that a hub ever turned away or gave another key

HELLO_INTERVAL_MS: Final = 300_000
RETRY_FIRST_MS: Final = 1_000
RETRY_MAX_MS: Final = 300_000
CLOCK_TRUST_MS: Final = 300_000  # a device clock further ahead than this is flagged, never refused (sync.md 2.10)
SEQUENCE_RESERVE: Final = 256
