"""Lanes, holds and papers, in each status."""

from typing import Any

import pytest

from procurement.shipments.actions.customs import (
    accept_paper,
    begin_paper,
    end_hold,
    file_lane,
    place_hold,
    query_paper,
    ready_paper,
    refuse_paper,
)
from procurement.shipments.actions.ways import rerouting
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper
from procurement.shipments.rules.customs import HOLD_MOVES, LANE_MOVES, PAPER_MOVES
from tests.procurement.shipments.matrix.comparing import (
    Reach,
    Table,
    compare,
    given_to_broker,
    names_every_status,
    three,
)
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT


def lane(story: Voyage) -> CustomsLane:
    return given_to_broker(story).lanes.get(side="export")


def filed_lane(story: Voyage, *, packed: bool) -> CustomsLane:
    chosen = lane(story)
    if packed:
        story.packed(chosen.shipment)
    return file_lane(chosen, by=story.broker.by, at=AT)


LANES: Table = [
    ("open", lane, three("redirect file declare")),
    ("filed", lambda story: filed_lane(story, packed=False), three("declare")),
    ("filed", lambda story: filed_lane(story, packed=True), three("declare release")),
    ("released", lambda story: story.clear(story.packed(lane(story).shipment), "export"), three("declare")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LANES)
def test_a_lane_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, LANE_MOVES, reach(story), status, expected)


def held(story: Voyage) -> CustomsHold:
    return place_hold(lane(story), reason="inspection", by=story.broker.by, at=AT)


HOLDS: Table = [
    ("held", held, three("answer end")),
    ("ended", lambda story: end_hold(held(story), by=story.broker.by, at=AT), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HOLDS)
def test_a_hold_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, HOLD_MOVES, reach(story), status, expected)


def paper(story: Voyage) -> CustomsPaper:
    return given_to_broker(story).papers.get(code="AWB")


def filed(story: Voyage) -> CustomsPaper:
    return story.hand_in(paper(story))


def written(story: Voyage) -> CustomsPaper:
    return ready_paper(begin_paper(paper(story), by=story.broker.by, at=AT), by=story.broker.by, at=AT)


def queried(story: Voyage) -> CustomsPaper:
    return query_paper(filed(story), reason="Which flight?", by=story.broker.by, at=AT)


def refused_paper(story: Voyage) -> CustomsPaper:
    return refuse_paper(filed(story), reason="No stamp.", by=story.broker.by, at=AT)


def asked_no_longer(story: Voyage) -> CustomsPaper:
    """A paper of a country that the goods do not go to any more."""
    shipment = given_to_broker(story)
    rerouting.reroute(shipment, "USSEA", reason="The port is shut.", by=story.logistics.by, at=AT)
    return shipment.papers.filter(status="no_longer").order_by("pk")[0]


PAPERS: Table = [
    ("missing", paper, three("draft no_longer restate")),
    (
        "draft",
        lambda story: begin_paper(paper(story), by=story.broker.by, at=AT),
        three("ready no_longer restate"),
    ),
    ("ready", written, three("file no_longer restate")),
    ("filed", filed, three("accept query refuse")),
    ("accepted", lambda story: accept_paper(filed(story), by=story.broker.by, at=AT), {}),
    ("queried", queried, three("file no_longer restate")),
    ("refused", refused_paper, three("new_version no_longer restate")),
    ("no_longer", asked_no_longer, three("ask_again")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), PAPERS)
def test_a_paper_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, PAPER_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(
    ("table", "model"), [(LANES, CustomsLane), (HOLDS, CustomsHold), (PAPERS, CustomsPaper)]
)
def test_each_table_names_every_status(table: Table, model: Any) -> None:
    names_every_status(table, model)
