"""Tests that goods of a higher standard count as meeting the request, and other goods do not.

The table of standards decides this, not the code of the product.
"""

import pytest

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from tests.procurement.refusals import assert_refused
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "standard", "product", "meets"),
    [
        ("AAMI-PB70-L2", "AAMI-PB70-L2", "GOWN_ISO_L2", "equal"),
        ("AAMI-PB70-L2", "AAMI-PB70-L3", "GOWN_ISO_L2", "better"),
        ("AAMI-PB70-L2", "AAMI-PB70-L3", "GOWN_ISO_L3", "better"),
        ("AAMI-PB70-L2", "AAMI-PB70-L4", "GOWN_ISO_L4", "better"),
        ("AAMI-PB70-L2", "AAMI-PB70-L4", "GOWN_SURG", "better"),
        ("AAMI-PB70-L2", "EN13795-1", "GOWN_ISO_L2", "neighbour"),
        ("AAMI-PB70-L2", "AAMI-PB70-L1", "GOWN_ISO_L2", "no"),
        ("AAMI-PB70-L2", None, "GOWN_ISO_L2", "unknown"),
    ],
)
def test_offered_standard_decides_whether_goods_of_the_same_type_count(
    fraud_story, asked, standard, product, meets
):
    line = gown_line(fraud_story, asked)
    lead = offered(fraud_story, line, product, standard)
    line.refresh_from_db()
    counts = meets in ("equal", "better")
    assert (lead.meets, line.offered, line.offered_short) == (meets, 600 * counts, 600 * (not counts))


@pytest.mark.parametrize(
    ("standard", "product"),
    [
        ("AAMI-PB70-L1", "GOWN_ISO_L1"),  # another product of a lower level
        (None, "GOWN_ISO_L3"),  # another product without a standard that shows that it is better
        ("AAMI-PB70-L3", "APRON"),  # the catalogue does not list this standard for aprons
        ("AAMI-PB70-L3", "COVERALL"),
        ("EN14126", "COVERALL"),
        (None, "BODY_BAG"),
        ("AAMI-PB70-L4", "BODY_BAG"),
        ("EN455", "GLOVE_EXAM_NITRILE"),
    ],
)
def test_goods_that_the_line_does_not_accept_are_refused(fraud_story, standard, product):
    line = gown_line(fraud_story, "AAMI-PB70-L2")
    with assert_refused("another_product") as refused:
        offered(fraud_story, line, product, standard)
    assert refused.value.details["field"] == "product"


@pytest.mark.parametrize(
    ("listed", "standard", "meets"),
    [
        ("EN14126", "EN14126", "accepted"),  # the listed standard
        ("EN14126", "GB19082-2009", "neighbour"),  # comparable to the listed standard
        ("EN14126", "NFPA-1999", "unknown"),
        ("EN14126", None, "unknown"),
        ("", "EN14126", "neighbour"),  # by the standards of the line
        ("", "AAMI-PB70-L3", "better"),
        ("", "AAMI-PB70-L2", "accepted"),
        ("", "AAMI-PB70-L1", "no"),
    ],
)
def test_listed_alternative_counts_with_its_standard_or_by_those_of_the_line(
    fraud_story, listed, standard, meets
):
    line = gown_line(fraud_story, "AAMI-PB70-L2")
    accept_alternative(line, "COVERALL", listed)
    lead = offered(fraud_story, line, "COVERALL", standard)
    line.refresh_from_db()
    counts = meets in ("accepted", "better")
    assert (lead.meets, line.offered, line.offered_short) == (meets, 600 * counts, 600 * (not counts))


@pytest.mark.parametrize("product", ["GLOVE_EXAM_LATEX", "GLOVE_EXAM_VINYL"])
def test_equal_standard_does_not_make_another_material_acceptable(fraud_story, product):
    """Canada accepts EN 455 for every material, but latex is not nitrile."""
    line = fraud_story.line(600, "GLOVE_EXAM_NITRILE")
    line.standards.set(Standard.objects.filter(code="ASTM-D6319"))
    with assert_refused("another_product"):
        offered(fraud_story, line, product, "EN455")
    accept_alternative(line, product)
    assert offered(fraud_story, line, product, "EN455").meets == "accepted"


def gown_line(story, *asked: str) -> RequestLine:
    line = story.line(600, "GOWN_ISO_L2")
    line.standards.set(Standard.objects.filter(code__in=asked))
    return line


def offered(story, line: RequestLine, product: str, standard: str | None) -> SupplierLead:
    lead = draft_lead(
        story.city, line=RequestLine.objects.get(pk=line.pk), product=Product.objects.get(code=product),
        supplier=story.supplier, standard=Standard.objects.get(code=standard) if standard else None,
        stock_quantity=600, author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    return submit_lead(lead, by=story.officer.by, at=AT)
