"""Two companies in one shipment, at the desk and for programs: each is listed, found and asked by its name."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions import links
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.models.company import Supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.story import AT
from tests.procurement.web.contacts.by_link import said
from workflow.clock import real_now

pytestmark = pytest.mark.django_db
SECOND = "中山海康DEMO有限公司"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Desk()
        story.second = story.company(SECOND)
        story.second.email = "office@haikang.example"
        story.second.save()
        line = story.line(10_000)
        orders = [
            story.ready(story.promise(many, line=line, supplier=company))
            for many, company in ((6_000, story.supplier), (4_000, story.second))
        ]
        story.ship = story.plan(*orders)
        yield story


def theirs(shipment: Shipment, company: Supplier) -> CustomsPaper:
    return shipment.papers.get(code="INV", supplier=company)


def test_at_the_desk_each_company_is_listed_and_the_page_of_a_call_names_it(story: Desk) -> None:
    officer = Browser(story.officer.user)
    address = reverse("ask_for_papers", args=[story.ship.reference])
    key = f"supplier-{story.second.pk}"
    page = officer.client.get(f"{address}?role={key}").content.decode()
    assert "office@haikang.example" in page
    assert [f'value="supplier-{one.pk}"' in page for one in (story.supplier, story.second)] == [True, True]
    facts = {
        "role": key,
        "name": "Wu Min",
        "email": "wu.min@haikang.example",
        "language": "zh-hans",
        "send": "1",
    }
    assert officer.client.post(address, facts).status_code == 303
    call = PaperCall.objects.get()
    assert call.supplier == story.second
    assert SECOND in officer.open(call)
    listed = officer.open(story.ship)
    assert SECOND in listed
    assert story.maker in listed
    assert "before departure" in listed
    paper = officer.client.get(theirs(story.ship, story.second).get_absolute_url()).content.decode()
    assert f"?role={key}" in paper
    assert story.second.get_absolute_url() in paper


def test_by_its_link_a_company_sees_its_own_papers_and_goods_alone(story: Desk) -> None:
    call = story.call(story.ship, supplier=story.second)
    issued = links.issue(
        call.person, purpose="answer", thing_label="procurement.papercall", thing_id=call.pk, city_id=call.city_id,
        by=story.officer.by, at=AT, real_at=real_now(),
    )  # fmt: skip
    browser = Browser()
    browser.open(issued.url).press(said("Continue", call.person.language))
    client = browser.client
    page = client.get(reverse("handing", args=[call.reference])).content.decode()
    assert "4,000" in page
    assert "6,000" not in page
    assert story.maker not in page
    rivals = reverse("handing_paper", args=[call.reference, theirs(story.ship, story.supplier).reference])
    assert client.get(rivals).status_code == 404
    mine = reverse("handing_paper", args=[call.reference, theirs(story.ship, story.second).reference])
    assert client.get(mine).status_code == 200


def test_the_api_names_the_company_asks_it_and_finds_by_it(story: Desk) -> None:
    program = Program(story.officer.user)
    asked = {
        "shipment": story.ship.reference,
        "role": "supplier",
        "name": "Wu Min",
        "email": "a@haikang.example",
    }
    problem = program.refused("paper-calls/", asked)
    assert problem["code"] == "supplier_missing"
    assert [error["pointer"] for error in problem["errors"]] == ["#/supplier"]
    made = program.post("paper-calls/", asked | {"supplier": story.second.reference})
    assert made["supplier"] == story.second.reference
    for listing in ("paper-calls", "customs-papers"):
        found = program.get(f"{listing}/?supplier={story.second.reference}")["results"]
        assert {row["supplier"] for row in found} == {story.second.reference}
