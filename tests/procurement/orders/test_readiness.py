"""Tests of the readiness indicator ("Can I order?"): each case with its colour, its sentence, and a link to settle it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import User
from partners.cities.models import City
from procurement.allocations.models import Allocation
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.finding_transitions import is_settled_only_by_remedy
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules import blockers
from procurement.orders.rules.readiness import (
    ANSWERS_BY_LEVEL,
    ORDERED_ANSWERS_BY_LEVEL,
    ReadinessInput,
    ReadinessLevel,
    assess_readiness,
)
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from workflow.errors import Refused

AT = datetime(2020, 4, 16, 16, tzinfo=UTC)
CITY = City(
    pk=1, name_en="Burnaby", timezone="America/Vancouver", approval_limit=Decimal(1000), currency="CAD"
)
COMPANY = Supplier(pk=1, reference="SU-2020-0001", name_en="Kanghu DEMO", legal_name_local="康护")
CALLED = BankAccount(number="12345678", status="confirmed")
NEED = SupplyRequest(pk=1, reference="SR-2020-0001", status="open")


@pytest.fixture(autouse=True)
def no_other_orders(monkeypatch):
    """No order counts with another against the approval limit, so that these cases need no database."""
    monkeypatch.setattr(blockers, "orders_counted_with", lambda _order: [])


def offer(**facts):
    given = {"status": "verified", "supply": 10, "checks_accepted": 2, "checks_by_others": 1, **facts}
    return SupplierLead(pk=1, reference="SL-2020-0001", supplier=COMPANY, city=CITY, **given)


def blocker(code="account_elsewhere", status="open"):
    figures = {"account": "****1234", "others": "SU-2020-0002"}
    return Finding(
        pk=1, reference="FI-2020-0001", code=code, status=status, severity="block", figures=figures
    )


KN95 = {"en": "KN95 is declared as not for medical use", "fr": "KN95", "zh": "KN95"}
WARD = {"en": "Hospital", "fr": "Hôpital", "zh": "医院"}
USED = FindingData(
    code="use_false", severity="block", figures={"need": "SR-2020-0001", "what": KN95, "receivers": WARD}
)


def false_use(need="SR-2020-0001"):
    """Return the blocking finding of an offer for a need with another declared use.

    The readiness indicator shows it once, with the need to correct.
    """
    finding = blocker(code="use_false")
    finding.figures = {**USED.figures, "need": need}
    return finding


# a need line that was changed after its goods were allocated
CHANGED_LINE = Refused("another_product", "The need line is for gowns; it does not accept these goods.")


def order(**facts):
    given = {
        "kind": "purchase",
        "status": "draft",
        "offers_sought": 3,
        "offers_recorded": 3,
        "currency": "USD",
        "total_in_city_currency": Decimal(900),
        **facts,
    }
    return Order(pk=1, reference="PO-2020-0001", city=CITY, supplier=COMPANY, **given)


def ordered(price, quantity=10):
    offered = offer(unit_price=Decimal("0.5"), currency="USD")
    return OrderLine(quantity=quantity, unit_price=Decimal(price), allocation=Allocation(lead=offered))


def supplier_status(status):
    return SupplierStatus(
        supplier=COMPANY, city=CITY, status=status, reason="holes", starts_on=date(2020, 4, 1)
    )


def assess(**facts):
    return assess_readiness(
        ReadinessInput(**{"city": CITY, "at": AT, "leads": [offer()], "needs": [NEED], **facts})
    )


@pytest.mark.parametrize(
    ("facts", "colour", "words", "where"),
    [
        # the company
        ({"supplier_status": supplier_status("approved")}, "green", "", ""),
        ({"supplier_status": supplier_status("on_watch")}, "green", "", ""),
        ({"supplier_status": supplier_status("suspended")}, "red", "Suspended", "/suppliers/SU-2020-0001/"),
        ({"supplier_status": supplier_status("banned")}, "red", "holes", "/suppliers/SU-2020-0001/"),
        # the findings of screening
        ({"blocking_findings": [blocker()]}, "red", "FI-2020-0001: Account ****1234 also belongs", "/findings/FI-2020-0001/answer/"),
        ({"blocking_findings": [blocker(status="upheld")]}, "red", "FI-2020-0001", "/findings/FI-2020-0001/"),
        ({"blocking_findings": [blocker("account_changed")]},
         "red", "A different account was provided later", "/findings/FI-2020-0001/"),
        ({"blocking_findings": [blocker()], "override_covered_references": {"FI-2020-0001"}}, "green", "", ""),
        ({"blocking_findings": [blocker("account_changed")], "override_covered_references": {"FI-2020-0001"}},
         "red", "A different account was provided later", ""),
        # the offer
        ({"leads": [offer(status="draft")]}, "amber", "has not been submitted yet", "/leads/SL-2020-0001/"),
        ({"leads": [offer(status="received")]}, "amber", "No checks have been started for SL-2020-0001", "/leads/SL-2020-0001/"),
        ({"leads": [offer(status="under_review")]}, "amber", "is waiting to be verified", "/leads/SL-2020-0001/"),
        ({"leads": [offer(status="under_review", checks_open=2)]}, "amber", "2 required checks", "#checks"),
        ({"leads": [offer(status="under_review", recheck=True)]}, "amber", "Facts have changed", "#checks"),
        ({"leads": [offer(status="under_review", checks_accepted=0)]}, "amber", "No check has been", "#checks"),
        ({"leads": [offer(status="under_review", checks_by_others=0)]}, "amber", "Every check was carried out by", "#checks"),
        ({"leads": [offer(status="under_review", allocated=10)]}, "amber", "is waiting to be verified", "/leads/SL-2020-0001/"),
        (
            {"leads": [offer(status="under_review", blocking_findings=1)], "blocking_findings": [blocker()]},
            "red", "FI-2020-0001", "/answer/",
        ),
        ({"leads": [offer(status="rejected")]}, "red", "Rejected", "/leads/SL-2020-0001/"),
        ({"leads": [offer(status="withdrawn")]}, "red", "Withdrawn", ""),
        ({"leads": [offer(status="expired")]}, "red", "Expired", ""),
        ({"leads": [offer(status="under_review")], "override_covered_references": {"SL-2020-0001"}}, "green", "", ""),
        ({"leads": [offer(valid_until=date(2020, 4, 15))]}, "amber", "was offered until 2020-04-15", "/leads/SL-2020-0001/"),
        ({"leads": [offer(valid_until=date(2020, 4, 16))]}, "green", "", ""),
        ({"leads": [offer(valid_until=date(2020, 4, 15), status="expired")]}, "red", "Expired", ""),
        ({"leads": [offer(valid_until=date(2020, 4, 15))], "override_covered_references": {"SL-2020-0001"}},
         "amber", "offered until", ""),
        (
            {"leads": [offer(valid_until=date(2020, 4, 15))], "order": order(status="placed"), "bank_account": CALLED},
            "green", "", "",
        ),
        ({"leads": [offer(allocated=10)]}, "amber", "No quantity of SL-2020-0001 is available any more", ""),
        ({"leads": [offer(allocated=9)]}, "green", "", ""),
        ({"leads": [offer(allocated=10)], "order": order()}, "green", "", ""),
        # its price
        ({"order": order(), "lines": [ordered("0.50")]}, "green", "", ""),
        ({"order": order(), "lines": [ordered("0.40")]}, "red", "now costs 0.5 USD per unit; the order says 0.4 USD", "/cancel/"),
        ({"order": order(), "lines": [ordered("0.40", quantity=0)]}, "green", "", ""),
        ({"order": order(status="placed"), "lines": [ordered("0.40")], "bank_account": CALLED}, "green", "", ""),
        ({"order": order(kind="donation", status="offered"), "lines": [ordered("0.40")]}, "green", "", ""),
        # the need
        ({"needs": [SupplyRequest(reference="SR-1", status="draft")]}, "amber", "The status of SR-1 is “Draft”", "/needs/SR-1/"),
        ({"needs": [SupplyRequest(reference="SR-1", status="withdrawn")]}, "red", "Withdrawn", "/needs/SR-1/"),
        ({"needs": [SupplyRequest(reference="SR-1", status="fulfilled")]}, "red", "Fulfilled", ""),
        ({"needs": []}, "green", "", ""),
        (
            {
                "needs": [SupplyRequest(reference="SR-1", status="withdrawn")],
                "order": order(status="placed"),
                "bank_account": CALLED,
            },
            "red", "Withdrawn", "/needs/SR-1/",
        ),
        # a false use has its own line, which links to the page that corrects it
        ({"blocking_findings": [false_use()]},
         "red", "FI-2020-0001: KN95 is declared as not for medical use", "/findings/FI-2020-0001/"),
        ({"blocking_findings": [false_use()], "doubtful_declared_uses": [(NEED, USED)]},
         "red", "would be signing a false", "/SR-2020-0001/edit/"),
        ({"blocking_findings": [false_use(need="SR-2020-0009")], "doubtful_declared_uses": [(NEED, USED)]},
         "red", "would be signing a false", "/"),
        ({"doubtful_declared_uses": [(NEED, replace(USED, severity="warn"))]},
         "amber", "would be signing a false", "/SR-2020-0001/edit/"),
        # the allocation
        (
            {"allocation": Allocation(reference="AL-1", status="proposed")},
            "amber", "AL-1 is only proposed", "/allocations/AL-1/",
        ),
        ({"allocation": Allocation(reference="AL-1", status="confirmed")}, "green", "", ""),
        ({"allocation": Allocation(status="confirmed"), "leads": [offer(allocated=10)]}, "green", "", ""),
        ({"allocation": Allocation(reference="AL-1", status="confirmed"), "unaccepted_goods": CHANGED_LINE},
         "red", "The need line is for gowns", "/allocations/AL-1/undo/"),
        ({"order": order(), "unaccepted_goods": CHANGED_LINE}, "red", "is for gowns", "/orders/PO-2020-0001/cancel/"),
        ({"order": order(kind="donation", status="offered"), "unaccepted_goods": CHANGED_LINE},
         "red", "is for gowns", "/orders/PO-2020-0001/decline/"),
        ({"order": order(status="placed"), "unaccepted_goods": CHANGED_LINE, "bank_account": CALLED}, "green", "", ""),
        # the order: its reasons, its limit, its account
        ({"order": order()}, "green", "", ""),
        ({"order": order(offers_sought=2, offers_recorded=2)}, "amber", "fewer than three", "/orders/PO-2020-0001/edit/"),
        ({"order": order(offers_sought=2, offers_recorded=2, few_offers_reason="one maker")}, "green", "", ""),
        ({"order": order(offers_sought=2, status="awaiting_approval")}, "amber", "is waiting for approval", ""),
        ({"order": order(authority="emergency")}, "amber", "emergency powers", "/edit/"),
        ({"order": order(total_in_city_currency=Decimal(1000))}, "green", "", ""),
        ({"order": order(total_in_city_currency=Decimal("1000.01"))}, "amber", "above your city’s approval limit",
         "/orders/PO-2020-0001/"),
        ({"order": order(total_in_city_currency=None)}, "amber", "above your city’s approval limit", ""),
        ({"order": order(total_in_city_currency=None, status="awaiting_approval")}, "amber", "is waiting for approval", ""),
        ({"order": order(status="awaiting_approval")}, "amber", "is waiting for approval", ""),
        ({"order": order(total_in_city_currency=None, status="approved")}, "green", "", ""),
        ({"order": order(kind="donation", status="offered", total_in_city_currency=None)}, "amber", "is waiting for approval", ""),
        ({"order": order(), "bank_account": BankAccount(number="12345678", status="confirmed")}, "green", "", ""),
        ({"order": order(), "bank_account": BankAccount(number="12345678", status="proposed")}, "amber", "5678", ""),
        ({"order": order(status="placed"), "bank_account": None}, "amber", "No bank account has been chosen yet", "use_account/"),
        ({"order": order(kind="donation", status="accepted"), "bank_account": None}, "green", "", ""),
    ],
)  # fmt: skip
def test_readiness_of_an_order_has_the_expected_colour_reasons_and_links(facts, colour, words, where):
    if "covers" in facts:
        facts["covers"] = frozenset(facts["covers"])
    found = assess(**facts)
    assert found.level == colour
    assert [str(reason.text) for reason in found.reasons if words not in str(reason.text)] == []
    assert bool(found.reasons) == (colour != "green")
    assert all(reason.url.endswith(where) for reason in found.reasons)


def test_readiness_indicator_text_matches_its_colour():
    assert str(assess().answer) == "Yes"
    assert str(assess(leads=[offer(status="under_review")]).answer) == "Not yet"
    assert str(assess(supplier_status=supplier_status("banned")).answer) == "No"
    assert len({str(word) for word in (*ANSWERS_BY_LEVEL.values(), *ORDERED_ANSWERS_BY_LEVEL.values())}) == 6


def test_readiness_of_placed_order_shows_ordered_and_problems_since_the_order():
    account = BankAccount(number="12345678", status="confirmed")
    placed = {"order": order(status="placed"), "bank_account": account}
    assert str(assess(**placed).answer) == "Ordered, no open issues"
    assert (
        assess(**placed, blocking_findings=[blocker()]).answer == ORDERED_ANSWERS_BY_LEVEL[ReadinessLevel.RED]
    )
    fulfilled = [SupplyRequest(reference="SR-1", status="fulfilled")]
    assert assess(**placed | {"needs": fulfilled}).level == "green"  # this order fulfilled it


def test_readiness_lists_the_most_severe_reason_first_with_who_settles_it():
    found = assess(
        leads=[offer(status="under_review", checks_open=1)],
        blocking_findings=[blocker()],
        supplier_status=supplier_status("banned"),
    )
    assert [reason.level for reason in found.reasons] == ["red", "red", "amber"]
    assert all(str(reason.responsible_text) for reason in found.reasons)


def test_readiness_lists_only_the_first_unmet_condition_of_a_chain():
    found = assess(leads=[offer(status="under_review", recheck=True, checks_open=2, checks_accepted=0)])
    assert [
        str(reason.text) for reason in found.reasons if "Facts have changed" not in str(reason.text)
    ] == []
    assert len(found.reasons) == 1


def test_readiness_on_the_offers_own_page_links_to_its_finding_without_naming_the_offer():
    waiting = {"leads": [offer(status="under_review", checks_open=2)]}
    elsewhere, here = (str(assess(**waiting, is_on_lead_page=own).reasons[0].text) for own in (False, True))
    assert elsewhere == f"About SL-2020-0001: {here}"
    reason = assess(blocking_findings=[blocker()], is_on_lead_page=True).reasons[0]
    assert reason.url == "/leads/SL-2020-0001/#FI-2020-0001"


def test_readiness_on_the_offers_own_page_counts_its_findings_and_links_to_the_first_that_needs_a_response():
    upheld, open_one = blocker(status="upheld"), blocker(code="account_elsewhere")
    upheld.reference, open_one.pk = "FI-2020-0009", 2
    findings = [upheld, open_one]
    (reason,) = assess(blocking_findings=findings, is_on_lead_page=True).reasons
    assert str(reason.text) == "2 findings block this offer."
    assert (reason.url, str(reason.link_text)) == (
        "/leads/SL-2020-0001/#FI-2020-0001",
        "Respond to the finding",
    )
    elsewhere = assess(blocking_findings=findings).reasons
    assert [str(one.text).partition(":")[0] for one in elsewhere] == ["FI-2020-0009", "FI-2020-0001"]
    (alone,) = assess(blocking_findings=[open_one], is_on_lead_page=True).reasons
    assert str(alone.text).startswith("FI-2020-0001: ")


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        ({"status": "rejected"}, "Another offer is needed."),
        ({"supply": 10, "allocated": 10}, "Everything has been allocated."),
    ],
)
def test_readiness_says_what_is_needed_where_no_one_can_settle_the_reason(lead, words):
    found = assess(leads=[offer(**lead)])
    assert words in [str(reason.responsible_text) for reason in found.reasons]


def test_changed_account_finding_is_settled_elsewhere():
    assert is_settled_only_by_remedy("account_changed")


def test_false_declared_use_is_reported_once_for_its_need_and_for_each_other_need():
    assert len(assess(blocking_findings=[false_use()], doubtful_declared_uses=[(NEED, USED)]).reasons) == 1
    assert (
        len(
            assess(
                blocking_findings=[false_use("SR-2020-0009")], doubtful_declared_uses=[(NEED, USED)]
            ).reasons
        )
        == 2
    )


def test_other_finding_on_a_need_with_false_declared_use_is_reported_too():
    finding = blocker()
    finding.figures |= {"need": NEED.reference}
    assert len(assess(blocking_findings=[finding], doubtful_declared_uses=[(NEED, USED)]).reasons) == 2


def test_people_who_overruled_findings_are_each_named_once():
    li, wang = User(name="Li Wei"), User(name="Wang Fang")
    overruled = [Finding(answered_by=who) for who in (li, wang, li)]
    text = "3 blocking findings were overruled by Li Wei, Wang Fang."
    assert str(assess(overruled_findings=overruled).overruled_findings_note) == text
    assert assess().overruled_findings_note == ""
