"""A licence that an importer has counts where the seller imports, and nowhere else."""

from datetime import date

import pytest

from procurement.leads.gathering import readiness
from procurement.leads.rules.readiness import Has
from procurement.suppliers import actions as suppliers
from tests.procurement.leads.play import codes, offered, paper
from tests.procurement.story import AT


@pytest.mark.parametrize(
    ("country", "role", "incoterm", "counts"),
    [
        ("CN", "maker", "FCA", False),
        ("MY", "maker", "", False),
        ("US", "broker", "CIF", False),
        ("CA", "trader", "", True),
        ("CA", "maker", "DAP", True),
        ("KR", "maker", "DDP", True),
    ],
)
def test_an_importers_licence_counts_where_the_seller_imports(story, country, role, incoterm, counts):
    suppliers.correct(story.supplier, country=country, role=role, place=None, by=story.officer.by, at=AT)
    maker = story.company("惠州美达防护 DEMO")
    lead = offered(story, maker=maker, incoterm=incoterm)
    paper(story, kind="CA_MDEL", number="10234")
    assert ("certificate_importers" in codes(lead)) == (not counts)
    lane = readiness.lane_of(lead, date(2020, 5, 4))
    assert lane is not None
    found = {
        one.asked.paper: one.has for one in readiness.readiness(lead, lane, story.supplier.certificates.all())
    }
    assert found["MDEL"] == (Has.SHOWN if counts else Has.MISSING)
