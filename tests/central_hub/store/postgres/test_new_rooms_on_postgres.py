"""Gateways, emergencies, surveys and complaints speak the SQL that both engines share."""

from __future__ import annotations

import datetime as dt

import apsw

from central_hub.complaints.register import Entry, answer, complaints, enter
from central_hub.figures.sums import due_between
from central_hub.gateways import mailbox
from central_hub.gateways.arrivals import cursor_of, held, hold, move_cursor
from central_hub.lookup.break_glass import emergencies, is_broken, waiting_count
from central_hub.store.hub_store import HubStore
from central_hub.surveys.answers import answers_between
from sync_protocol.ids import OfficeCode
from tests import offices
from tests.offices import rid

DAY = dt.date(2026, 11, 20)


def test_every_new_table_is_written_and_read(tmp_path: object) -> None:
    store = HubStore(offices.engine_at(tmp_path))  # type: ignore[arg-type]

    def work(c: apsw.Connection) -> None:
        mailbox.write(c, "portal", rid(1), "A-1", "{}", 1)
        letter = mailbox.due(c, "portal", 1)
        assert letter is not None and letter.id
        mailbox.put_off(c, letter, "GWY-001", 1, 1.0)
        assert (
            mailbox.stuck_count(c, 10**15) == 1
            and mailbox.counts(c) == {("portal", "waiting"): 1}
            and mailbox.oldest_waiting_ms(c) == 1
        )
        hold(c, "DVC-1", b"{}", "GWY-005", 1)
        assert [one.number for one in held(c)] == ["DVC-1"]
        move_cursor(c, "x", "1")
        move_cursor(c, "x", "2")
        assert (
            cursor_of(c, "x") == "2"
            and emergencies(c) == []
            and waiting_count(c) == 0
            and not is_broken(c, rid(1), "x", 1)
        )
        assert answers_between(c, DAY, DAY) == {} and due_between(c, DAY, DAY) == {}
        enter(c, Entry(OfficeCode("00101"), "1", "", "delay", DAY, DAY), account="lan", roles=(), today=DAY, now_ms=1)
        answer(c, complaints(c)[0].id, "upheld", DAY, account="lan", roles=(), today=DAY, now_ms=1)
        assert complaints(c)[0].outcome == "upheld"

    store.writer.run(work)
    store.close()
