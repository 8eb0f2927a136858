"""Tests of coverage by line: in the list of needs, on Allocate, in the API and in files."""

import csv
import io
from datetime import date

import pytest

from procurement.catalogue.models.products import Product
from procurement.requests.actions.lines import LineFacts, add_line
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.views.coverage_text import coverage_sentence
from procurement.shipments.models import Shipment
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from workflow.charts.supply import Arrival, Supply

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([], ""),
        ([(100, 0, 0)], "0 of 1 line covered; Surgical mask: 0 of 100"),
        ([(100, 60, 40)], "1 of 1 line covered"),
        ([(100, 60, 90), (90, 0, 0), (10, 9, 0)], "1 of 3 lines covered; Surgical mask: 0 of 90"),
        ([(10, 9, 0), (100, 91, 0)], "0 of 2 lines covered; Surgical mask: 9 of 10"),
    ],
)
def test_coverage_sentence_counts_covered_lines_and_names_the_worst(shares, said):
    product = Product(code="MASK_SURG", name_en="Surgical mask")
    lines = [
        RequestLine(product=product, position=number, quantity=needed, allocated=taken, verified_free=free)
        for number, (needed, taken, free) in enumerate(shares)
    ]
    assert coverage_sentence(lines) == said


def two_lines(story: Story) -> SupplyRequest:
    need = story.line(710).supply_request
    gloves = Product.objects.get(code="GLOVE_EXAM_NITRILE")
    add_line(need, LineFacts(product=gloves, quantity=1_330), by=story.officer.by, at=AT)
    return need


def test_need_list_names_the_worst_line_and_does_not_add_up_different_goods():
    story = Story()
    story.practise()
    need = two_lines(story)
    masks, gloves = need.lines.order_by("position")
    story.lead(masks, stock=700)
    officer = Browser(story.officer.user)
    listed = officer.open("/needs/").text
    assert f"0 of 2 lines covered; {gloves.product.name}: 0 of 1,330" in listed
    page = officer.open(f"{need.get_absolute_url()}allocate/").text
    assert f"{masks.product.name} · To allocate: 700 of 710 still needed." in page
    assert f"{gloves.product.name} · To allocate: 0 of 1,330 still needed." in page
    done = officer.open(f"{need.get_absolute_url()}allocate/").press("Allocate goods")
    assert "Allocated: 700 pieces (1 offer)." in done


def test_api_and_csv_give_coverage_and_next_arrival_by_line():
    story = Journey()
    story.practise()
    Shipment.objects.filter(pk=story.packed().pk).update(expected_on=date(2020, 5, 20))
    line = RequestLine.objects.get()
    SupplyRequest.objects.update(visibility="network")
    RequestLine.objects.update(quantity=line.quantity + 500)
    officer, stranger = Program(story.officer.user), Program(story.stranger.user)

    def row(program):
        (found,) = program.get(f"supply-requests/{line.supply_request.reference}/")["lines"]
        names = ("covered", "to_find", "next_arrival", "arriving_in_time", "arriving_late")
        return tuple(found[name] for name in names)

    sent = line.shipped or line.allocated
    assert row(officer) == (line.allocated, 500, "2020-05-20", sent, 0), "the day needed still counts"
    RequestLine.objects.update(needed_by=date(2020, 5, 19))
    assert row(officer) == (line.allocated, 500, "2020-05-20", 0, sent)
    assert row(stranger) == (line.allocated, 500, None, 0, 0), "another city sees no shipment"
    file = b"".join(Browser(story.officer.user).client.get("/needs/?as=csv").streaming_content).decode(
        "utf-8-sig"
    )
    told = next(csv.DictReader(io.StringIO(file)))
    assert [told[name] for name in ("Covered", "Still to find", "Arriving in time", "Arriving too late")] == [
        str(line.allocated), "500", "0", str(sent)
    ]  # fmt: skip
    assert told["Next arrival"] == "2020-05-20"


def test_line_reports_goods_arriving_after_its_date():
    facts = {"need": 10, "needed_by": date(2020, 5, 2), "arrived_amount": 0, "today": date(2020, 4, 20)}
    supply = Supply(**facts, arrivals=[Arrival(date(2020, 5, 2), 4), Arrival(date(2020, 5, 3), 3)])
    assert supply.text_alternative == (
        "The next goods arrive on 2 May 2020. By 2 May 2020, 4 of 10 will have arrived as planned. "
        "Another 3 will arrive later."
    )
    assert "later" not in Supply(**facts, arrivals=[Arrival(date(2020, 5, 2), 4)]).text_alternative
    assert "next" not in Supply(**facts).text_alternative
