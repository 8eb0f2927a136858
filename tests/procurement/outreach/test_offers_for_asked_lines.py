"""Tests of offers in answer to an inquiry about some lines: for which lines they are taken, when entered and when edited."""

from typing import Any

import pytest

from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import submit_answer
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser
from tests.procurement.api.program import Program, problem
from tests.procurement.outreach.test_asked_lines import GLOVE, KN95, MASK, need_of, sent
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.contact and story.supplier
        yield story


def answered(story: Any, inquiry: Inquiry, number: int | None, stock: int) -> str:
    """Return the reference of an offer of masks for this line of the need, made by the contact's link."""
    line = number and inquiry.supply_request.lines.get(position=number)
    lead = submit_answer(
        inquiry, line=line, product=Product.objects.get(code=MASK), supplier=story.supplier, stock_quantity=stock,
        kind="sale", author=inquiry.contact.user, by=powers_by_own_link(inquiry), at=AT,
    )  # fmt: skip
    return lead.reference


def offered_line(reference: str) -> int | None:
    line = SupplierLead.objects.get(reference=reference).line
    return None if line is None else line.position


@pytest.mark.parametrize("path", ["inquiries/{inquiry}/answer/", "supplier-leads/"])
def test_answer_about_another_line_is_refused_with_the_field(story: Any, path: str) -> None:
    need, program = need_of(story, MASK, GLOVE), Program(story.officer.user)
    inquiry = sent(story, need, 2)
    line = need.lines.get(position=1)
    body: dict[str, Any] = {
        "line": f"{need.reference}/1", "supplier": story.supplier.reference, "product": line.product.code,
        "stock_quantity": 500, "kind": "donation",
    }  # fmt: skip
    if path == "supplier-leads/":
        body |= {"city": story.city.slug, "inquiry": inquiry.reference, "contact": story.contact.pk}
    refused = problem(program.ask("post", path.format(inquiry=inquiry.reference), body))
    assert refused["code"] == "line_not_asked", refused
    assert "line" in str(refused["errors"])
    asked = body | {"line": f"{need.reference}/2", "product": GLOVE}
    assert program.post(path.format(inquiry=inquiry.reference), asked)


def test_further_goods_for_another_line_are_refused_with_their_field(story: Any) -> None:
    need, program = need_of(story, MASK, GLOVE, KN95), Program(story.officer.user)
    inquiry = sent(story, need, 1, 3)
    body = {
        "line": f"{need.reference}/3", "supplier": story.supplier.reference, "product": KN95,
        "stock_quantity": 640, "kind": "sale",
        "further": [{"line": f"{need.reference}/2", "product": GLOVE, "stock_quantity": 90, "kind": "sale"}],
    }  # fmt: skip
    refused = program.refused(f"inquiries/{inquiry.reference}/answer/", body)
    assert refused["code"] == "line_not_asked"
    assert refused["errors"][0]["pointer"] == "#/further/0/line"
    assert not SupplierLead.objects.exists()
    body["further"][0] |= {"line": f"{need.reference}/1", "product": MASK}
    program.post(f"inquiries/{inquiry.reference}/answer/", body)
    assert sorted(lead.line.position for lead in SupplierLead.objects.all()) == [1, 3]


@pytest.mark.parametrize("first", [2, None])
def test_contact_cannot_move_an_answer_to_a_line_not_asked_about_but_the_officer_can(
    story: Any, first: int | None
) -> None:
    need = need_of(story, MASK, MASK, MASK)
    contact, officer = Program(story.contact.user), Program(story.officer.user)
    inquiry = sent(story, need, 2, 3)
    lead = answered(story, inquiry, first, 1_250)
    assert offered_line(lead) == first
    refused = contact.refused(f"supplier-leads/{lead}/edit/", {"line": f"{need.reference}/1"})
    assert refused["code"] == "line_not_asked"
    assert refused["errors"][0]["pointer"] == "#/line"
    assert offered_line(lead) == first
    contact.post(f"supplier-leads/{lead}/edit/", {"line": f"{need.reference}/3"})
    assert offered_line(lead) == 3
    officer.post(f"supplier-leads/{lead}/edit/", {"line": f"{need.reference}/1", "reason": "They fit there."})
    assert offered_line(lead) == 1
    contact.post(f"supplier-leads/{lead}/edit/", {"stock_quantity": 1_300})
    assert offered_line(lead) == 1, (
        "the contact can edit other facts of an offer that the city filed elsewhere"
    )


def test_officer_files_an_answer_under_a_line_not_asked_about_on_its_page(story: Any) -> None:
    need, officer = need_of(story, MASK, MASK), Browser(story.officer.user)
    inquiry = sent(story, need, 2)
    lead = answered(story, inquiry, 2, 775)
    other = need.lines.get(position=1)
    row = SupplierLead.objects.get(reference=lead)
    officer.open(f"{row.get_absolute_url()}?change=goods").press("Save changes", line=str(other.pk))
    assert offered_line(lead) == 1


def test_answer_without_a_line_is_taken_and_counts_for_no_line(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    inquiry = sent(story, need, 2)
    lead = answered(story, inquiry, None, 505)
    assert offered_line(lead) is None
    assert [line.offered for line in need.lines.order_by("position")] == [0, 0]
