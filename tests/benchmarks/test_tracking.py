"""The tracking benchmarks with few rows.

Events that are repeated or out of order are kept once, and the board answers in every view.
"""

import pytest

from benchmarks.board import HEAD, QUERIES, measure, open_all
from benchmarks.screening import fill
from benchmarks.tracking import compare, drawn, open_ones, take_in
from procurement.shipments.models import Shipment

COMPANIES = 5_050  # fifty have no offer
EVENTS = 3_000


def test_events_in_disorder_and_sent_twice_are_kept_once(register):
    at = fill(60, 0, COMPANIES)
    shipments = open_ones()
    sent = list(drawn(shipments, EVENTS, at))
    assert len(sent) == EVENTS
    assert sent == list(drawn(shipments, EVENTS, at))
    taken = take_in(sent, at)
    assert (taken.sent, taken.batches) == (EVENTS, 3)
    assert taken.repeated > EVENTS // 20
    assert taken.fresh + taken.repeated == EVENTS
    assert compare(sent) == len(shipments)
    again = take_in(sent[:1_000], at)
    assert (again.fresh, again.repeated) == (0, 1_000)
    assert f"{EVENTS:,} events" in str(taken)


@pytest.mark.every_way
def test_the_board_answers_in_every_view(register):
    at = fill(40, 0, COMPANIES)
    assert open_all(at) == Shipment.objects.under_way().count() == 40
    lines = measure(2)
    assert len(lines) == len(QUERIES)
    assert all(len(line.split("|")) == len(HEAD.splitlines()[1].split("|")) for line in lines)
