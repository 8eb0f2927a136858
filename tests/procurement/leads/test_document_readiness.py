"""Tests of the documents that an offer's route requires: available, only shown, missing, or impossible."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.rules.customs_documents import Consignment, DeclaredGoods, requirements_of_rules
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.document_readiness import route_readiness
from procurement.leads.rules.document_readiness import DocumentState, assess_document, most_urgent_first
from procurement.suppliers.models.certificates import Certificate
from tests.browsing import Browser
from tests.procurement.catalogue.catalogue_in_memory import customs_rules
from tests.worlds.leads import route_of_offer, submitted_offer
from tests.worlds.need_to_order import AT

ON = date(2020, 5, 1)


def certificate(kind: str = "CN_NMPA_REG", status: str = "confirmed", **facts: Any) -> Certificate:
    return Certificate(kind=CertificateType(code=kind), status=status, reference="CE-1", **facts)


def document_state(paper: str, use: str = "medical", consignee: str = "municipality"):
    goods = DeclaredGoods("MASK_SURG", "mask", use, "purchase", frozenset({"6307900010"}))
    cargo = Consignment("CN", "CA", (goods,), consignee, "air")
    return next(
        one for one in requirements_of_rules(customs_rules(), cargo, on=ON) if one.document_code == paper
    )


@pytest.mark.parametrize(
    ("certificates", "worthless", "has"),
    [
        ([], set(), DocumentState.MISSING),
        ([certificate()], set(), DocumentState.CONFIRMED),
        ([certificate("CN_WL_MED")], set(), DocumentState.CONFIRMED),
        ([certificate(status="claimed")], set(), DocumentState.SHOWN_UNCONFIRMED),
        ([certificate(status="well_formed"), certificate()], set(), DocumentState.CONFIRMED),
        ([certificate(status="altered")], set(), DocumentState.REFUSED),
        ([certificate(status="suspect")], set(), DocumentState.REFUSED),
        ([certificate(valid_until=ON - timedelta(days=1))], set(), DocumentState.REFUSED),
        ([certificate(valid_until=ON)], set(), DocumentState.CONFIRMED),
        ([certificate("CA_MDEL")], set(), DocumentState.MISSING),
        ([certificate()], {"CN_NMPA_REG"}, DocumentState.MISSING),
        ([certificate()], {"CN_NMPA_REG", "CN_WL_MED"}, DocumentState.IMPOSSIBLE),
    ],
)
def test_document_state_and_blocking_depend_on_the_shown_certificates(certificates, worthless, has):
    found = assess_document(document_state("NMPA"), certificates, worthless, ON)
    assert (found.state, found.is_blocking) == (
        has,
        has not in {DocumentState.CONFIRMED, DocumentState.SHOWN_UNCONFIRMED},
    )


def test_document_that_is_not_a_certificate_is_missing():
    assert assess_document(document_state("PKL"), [certificate()], set(), ON).state is DocumentState.MISSING


def test_contradictory_document_requirement_cannot_be_met():
    found = assess_document(
        document_state("USE_CONFLICT", "non_medical", "hospital"), [certificate()], set(), ON
    )
    assert (found.state, found.is_blocking) == (DocumentState.IMPOSSIBLE, True)


def test_documents_are_sorted_blocking_first_and_warnings_last():
    stopped = assess_document(document_state("NMPA"), [], set(), ON)
    have = assess_document(document_state("NMPA"), [certificate()], set(), ON)
    warned = replace(stopped, requirement=document_state("TEST"))
    assert most_urgent_first([warned, have, stopped]) == [stopped, have, warned]


def test_route_of_an_offer_takes_origin_destination_and_use_from_the_offer(story):
    lead = submitted_offer(story)
    lane = route_of_offer(lead, AT.date())
    assert lane is not None
    assert (lane.origin, lane.destination, lane.declared_use, lane.acquisition_type) == (
        "CN",
        "CA",
        "medical",
        "purchase",
    )
    assert (lane.receiver, lane.mode) == ("municipality", "air")
    lead.kind = SupplierLead.Kind.DONATION
    lead.line = None
    lane = route_of_offer(lead, AT.date())
    assert lane is not None
    assert (lane.declared_use, lane.acquisition_type) == ("medical", "donation")
    lead.supplier.country = "CA"
    assert route_of_offer(lead, AT.date()) is None


def test_offer_page_lists_the_documents_needed_for_its_route(story):
    story.practise()
    lead = submitted_offer(story)
    page = Browser(story.officer.user).open(lead.get_absolute_url()).text
    assert "Documents needed for this route" in page
    assert "not received" in page
    assert "These goods cannot be shipped as entered" not in page


def test_offer_with_contradictory_use_shows_that_it_cannot_be_shipped(story):
    story.practise()
    line = story.line(declared_use="non_medical", facility_kinds=["hospital"])
    lead = story.lead(line)
    lane = route_of_offer(lead, date(2020, 4, 27))
    assert lane is not None
    found = route_readiness(lead, lane, [])
    assert (found[0].requirement.rule.code, found[0].state) == ("CN-X-FALSE-NONMED", DocumentState.IMPOSSIBLE)
    before = route_of_offer(lead, date(2020, 4, 16))
    assert before is not None
    assert all(not one.requirement.is_conflict for one in route_readiness(lead, before, []))
