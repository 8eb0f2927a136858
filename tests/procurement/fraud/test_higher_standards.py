"""Tests that goods of a higher standard count as meeting the request, and other goods do not.

The table of standards decides this, not the code of the product.
"""

import pytest

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.requests.models import RequestLine
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "standard", "product", "meets"),
    [
        ("AAMI-PB70-L2", "AAMI-PB70-L3", "GOWN_ISO_L3", "equal"),
        ("AAMI-PB70-L2", "AAMI-PB70-L4", "GOWN_ISO_L4", "equal"),
        ("AAMI-PB70-L2", "AAMI-PB70-L1", "GOWN_ISO_L1", "no"),
        ("AAMI-PB70-L2", None, "BODY_BAG", "other"),
        ("AAMI-PB70-L2", None, "GOWN_ISO_L3", "unknown"),
    ],
)
def test_offered_standard_decides_whether_goods_of_the_same_type_count(
    fraud_story, asked, standard, product, meets
):
    line = fraud_story.line(600, "GOWN_ISO_L2")
    RequestLine.objects.filter(pk=line.pk).update(alternatives_allowed=True)
    line.refresh_from_db()
    line.standards.set(Standard.objects.filter(code=asked))
    lead = submit_lead(
        draft_lead(
            fraud_story.city, line=line, product=Product.objects.get(code=product), supplier=fraud_story.supplier,
            standard=standard and Standard.objects.get(code=standard), stock_quantity=600,
            author=fraud_story.officer.user, by=fraud_story.officer.by, at=AT,
        ),
        by=fraud_story.officer.by, at=AT,
    )  # fmt: skip
    line.refresh_from_db()
    assert (lead.meets, line.offered) == (meets, 600 if meets == "equal" else 0)
