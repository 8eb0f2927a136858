"""Tests that an importer's licence counts where the seller imports, and nowhere else."""

from datetime import date

import pytest

from procurement.leads.queries.document_readiness import route_readiness
from procurement.leads.rules.document_readiness import DocumentState
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.suppliers.actions.certificates import mark_certificate_invalid
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.certificates import Certificate
from tests.worlds.leads import enter_certificate, findings_by_code, route_of_offer, submitted_offer
from tests.worlds.need_to_order import AT


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
def test_importer_licence_counts_when_the_seller_imports(story, country, role, incoterm, counts):
    correct_supplier(
        story.supplier, SupplierEdit(country=country, role=role, place=None), by=story.officer.by, at=AT
    )
    maker = story.company("惠州美达防护 DEMO")
    lead = submitted_offer(story, maker=maker, incoterm=incoterm)
    enter_certificate(story, kind="CA_MDEL", number="10234")
    assert ("certificate_importers" in findings_by_code(lead)) == (not counts)
    lane = route_of_offer(lead, date(2020, 5, 4))
    assert lane is not None
    found = {
        one.requirement.document_code: one.state
        for one in route_readiness(lead, lane, story.supplier.certificates.all())
    }
    assert found["MDEL"] == (DocumentState.SHOWN_UNCONFIRMED if counts else DocumentState.MISSING)


def has_licence(story, lead, certificates):
    lane = route_of_offer(lead, date(2020, 5, 4))
    assert lane is not None
    return {one.requirement.document_code: one.state for one in route_readiness(lead, lane, certificates)}[
        "MDEL"
    ]


@pytest.mark.parametrize(
    ("importer", "holder", "counts"),
    [
        ("Fraser Medical Supply Ltd.", "FRASER MEDICAL SUPPLY LTD", True),
        ("Fraser Medical Supply Ltd.", "Another Importer Inc.", False),
        ("Fraser Medical Supply Ltd.", "", False),
        ("", "Fraser Medical Supply Ltd.", False),
    ],
)
def test_import_licence_held_by_importer_named_in_need_counts(story, importer, holder, counts):
    lead = submitted_offer(story)
    edit_request(
        lead.line.supply_request, RequestEdit(importer_of_record=importer), by=story.officer.by, at=AT
    )
    enter_certificate(story, kind="CA_MDEL", number="10234", holder=holder)
    lead.refresh_from_db()
    assert ("certificate_importers" in findings_by_code(lead)) == (not counts)
    found = has_licence(story, lead, story.supplier.certificates.select_related("kind"))
    assert found == (DocumentState.SHOWN_UNCONFIRMED if counts else DocumentState.MISSING)


@pytest.mark.parametrize(
    ("country", "status", "has"),
    [
        ("CA", "claimed", DocumentState.SHOWN_UNCONFIRMED),
        ("CA", "altered", DocumentState.REFUSED),
        ("US", "claimed", DocumentState.MISSING),
    ],
)
def test_licence_shown_by_the_named_importer_counts_for_a_foreign_offer(story, country, status, has):
    lead = submitted_offer(story)
    edit_request(
        lead.line.supply_request,
        RequestEdit(importer_of_record="Okanagan Health Imports"),
        by=story.officer.by,
        at=AT,
    )
    importer = story.company("Okanagan Health Imports Ltd.")
    correct_supplier(
        importer, SupplierEdit(country=country, role="trader", place=None), by=story.officer.by, at=AT
    )
    certificate = enter_certificate(story, importer, kind="CA_MDEL", number="20871")
    if status != "claimed":
        who = {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}
        mark_certificate_invalid(certificate, status, reason="Another company previous value.", **who)
    lead.refresh_from_db()
    assert has_licence(story, lead, []) == has


@pytest.mark.parametrize(
    ("country", "role", "incoterm", "importer", "holder", "counts"),
    [
        ("CA", "broker", "", "", "Seoul Mask Works Co., Ltd.", False),
        ("CA", "broker", "DAP", "", "首尔口罩制造有限公司", False),
        ("CA", "trader", "FCA", "", "Prairie Safety Supply Inc.", True),
        ("CA", "trader", "", "Yukon Care Imports", "Yukon Care Imports Ltd.", True),
        ("KR", "maker", "DDP", "", "Hankuk Filter Co., Ltd.", False),
        ("KR", "maker", "DDP", "", "Prairie Safety Supply", True),
        ("CA", "broker", "", "", "", True),
    ],
)
def test_importer_licence_counts_only_when_the_seller_holds_it(
    story, country, role, incoterm, importer, holder, counts
):
    maker = story.company("首尔口罩制造有限公司")
    correct_supplier(
        maker, SupplierEdit(name_en="Seoul Mask Works", country="KR", place=None), by=story.officer.by, at=AT
    )
    seller = {"legal_name_local": "Prairie Safety Supply", "country": country, "role": role, "place": None}
    correct_supplier(story.supplier, SupplierEdit(**seller), by=story.officer.by, at=AT)
    lead = submitted_offer(story, maker=maker, incoterm=incoterm)
    edit_request(
        lead.line.supply_request, RequestEdit(importer_of_record=importer), by=story.officer.by, at=AT
    )
    enter_certificate(story, kind="CA_MDEL", number="31415", holder=holder)
    lead.refresh_from_db()
    found = has_licence(story, lead, story.supplier.certificates.select_related("kind", "supplier"))
    assert found == (DocumentState.SHOWN_UNCONFIRMED if counts else DocumentState.MISSING)


@pytest.mark.parametrize(
    ("holder", "counts_here", "has"),
    [
        ("", True, DocumentState.SHOWN_UNCONFIRMED),
        ("Cariboo Health Imports Ltd.", True, DocumentState.SHOWN_UNCONFIRMED),
        ("Another Importer Inc.", True, DocumentState.MISSING),
        ("", False, DocumentState.MISSING),
    ],
)
def test_importers_licence_counts_when_held_by_it_and_valid_for_the_city(story, holder, counts_here, has):
    lead = submitted_offer(story)
    edit_request(
        lead.line.supply_request,
        RequestEdit(importer_of_record="Cariboo Health Imports"),
        by=story.officer.by,
        at=AT,
    )
    importer = story.company("Cariboo Health Imports Ltd.")
    correct_supplier(
        importer, SupplierEdit(country="CA", role="trader", place=None), by=story.officer.by, at=AT
    )
    certificate = enter_certificate(story, importer, kind="CA_MDEL", number="27182", holder=holder)
    Certificate.objects.filter(pk=certificate.pk).update(
        excluded_city_ids=[] if counts_here else [lead.city_id]
    )
    lead.refresh_from_db()
    assert has_licence(story, lead, []) == has
