"""Tests of the approver's summary, of the readiness of an order with its one button, and of the order's page."""

from datetime import timedelta

import pytest

from procurement.leads.actions.findings import answer_finding, record_findings
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.actions.approve import override_blockers, submit_order
from procurement.orders.actions.close import cancel_order
from procurement.orders.actions.create import OrderEdit, edit_order
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.models import Order
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.suppliers.actions.statuses import set_status
from procurement.tasks import plan_messages
from tests.browsing import Browser, words
from tests.worlds.need_to_order import AT, LATER, Story

pytestmark = pytest.mark.django_db
FIGURES = {"shipment": "SH-2020-0001", "departed": "2020-04-15", "parcels": 10}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.approver and story.verifier
        story.bought = story.promise(10_000)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def approver(story):
    return Browser(story.approver.user)


def summary_lines(page) -> dict[str, str]:
    """Return the five lines by their heading."""
    rows = page.root.xpath("//section[@id='five']/dl/div")
    return {words(row.xpath("./dt")[0]): words(row.xpath("./dd")[0]) for row in rows}


def add_blocking_finding(lead, code="no_hand_over"):
    record_findings(
        lead, [FindingData(code=code, severity="block", figures=FIGURES)], at=LATER, only=frozenset({code})
    )
    return lead.findings.get(code=code)


def test_approver_sees_a_five_line_summary_with_details_folded_and_approves(story, approver):
    story.limit("1000")
    order = story.draft(story.bought, budget_line="MED-2020", taxes="250.00")
    submit_order(order, by=story.officer.by, at=AT)
    page = approver.open(order)
    five = summary_lines(page)
    assert list(five) == ["Goods", "Price", "Checks", "Amounts", "Blocking issues"]
    assert five["Goods"].startswith("Surgical mask (fluid resistant): 10,000 from ")
    assert story.supplier.name in five["Goods"]
    assert "USD 0.50 = CAD 0.7" in five["Price"]
    assert "Too few quotes in the last month to compare." in five["Price"]
    assert "checks accepted." in five["Checks"]
    assert "Budget line: MED-2020" in five["Amounts"]
    assert "30%" in five["Amounts"]
    assert "Approval limit: CAD 1,000.00" in five["Amounts"]
    assert "is waiting for approval" not in five["Blocking issues"], (
        "their own decision is no reason against it"
    )
    assert "landed cost: CAD 0.7" in five["Price"]
    beside = words(page.main.xpath(".//section[./h2='For your decision']")[0])
    assert "Total landed costCAD 7," in beside
    assert "No other orders to this company within 90 days." in beside
    assert f"{story.bought.lead.product.name}: {story.verifier.user}, " in beside
    assert not page.main.xpath(".//*[@aria-disabled='true'] | .//ul[@class='closed-moves']")
    folded = page.root.xpath("//details[./summary[contains(., 'Full order')]]")
    assert "Decisions and approvals" in words(folded[0])
    assert page.buttons[0] == "Approve order"
    page.press("Approve order")
    assert Order.objects.get(pk=order.pk).status == "approved"


def test_approver_sees_other_orders_to_the_supplier_that_count_towards_the_limit(story, approver):
    earlier = story.placed(story.promise(1_000))
    story.limit("1000")
    order = submit_order(story.draft(story.bought), by=story.officer.by, at=AT)
    page = approver.open(order)
    beside = words(page.main.xpath(".//section[./h2='For your decision']")[0])
    assert "1 other order to this company within 90 days. Together with this one: CAD 7,758.50." in beside
    assert earlier.reference in page.follow(earlier.reference)


def test_order_details_are_folded_only_for_the_approver(story, officer):
    story.limit("1000")
    order = submit_order(story.draft(story.bought), by=story.officer.by, at=AT)
    for person in (story.officer, story.observer):
        page = Browser(person.user).open(order)
        assert not page.root.xpath("//details[./summary[contains(., 'Full order')]]")
        assert "is waiting for approval" in summary_lines(page)["Blocking issues"]


def test_order_price_is_compared_with_the_median_of_other_quotes(story, officer):
    other = Story("markham")
    wanted = other.line(10_000)
    for place, price in enumerate(("0.60", "0.70", "0.80", "0.90", "1.00")):
        teller = story if place % 2 else other
        maker = teller.company(f"Maker {place} DEMO")
        line = story.line(1_000) if place % 2 else wanted
        teller.lead(line, price=price, currency="CAD", supplier=maker)
    order = story.draft(story.promise(1_000, price="0.40", currency="CAD"))
    against = summary_lines(officer.open(order))["Price"]
    assert "The median of 5 quotes in the last month is CAD 0.8" in against
    assert "% below the median." in against


def test_donation_without_a_price_is_not_compared(story, officer):
    gift = story.gift(story.promise(1_000, kind="donation", price=None))
    assert "Donations are not compared on price." in summary_lines(officer.open(gift))["Price"]


def test_findings_are_shown_with_their_answers_and_overrides_on_the_order(story, officer):
    order = story.draft(story.bought)
    lead = story.bought.lead
    warn = FindingData(code="parcels_short", severity="warn", figures=FIGURES)
    record_findings(lead, [warn], at=LATER, only=frozenset({"parcels_short"}))
    answer_finding(
        lead.findings.get(code="parcels_short"),
        answer="One carton was late.",
        answered_by=story.verifier.user,
        by=story.verifier.by,
        at=LATER,
    )
    stands = add_blocking_finding(lead)
    assert "One carton was late." in summary_lines(officer.open(order))["Checks"]
    assert "5 findings (response given: 1, open: 4)." in summary_lines(officer.open(order))["Checks"]
    override_blockers(order, reason="Wards run dry on Friday.", by=story.approver.by, at=LATER)
    five = summary_lines(officer.open(order))
    assert f"Overridden by {story.approver.user}" in five["Checks"]
    assert "Wards run dry on Friday." in five["Blocking issues"]
    assert stands.reference not in five["Blocking issues"]
    assert stands.reference in officer.open(order).text  # the decision, and the findings it overrode


def test_order_page_shows_recorded_quotes_beside_differing_typed_figures(story, officer):
    need = story.bought.line.supply_request
    facts = {
        "subject": "Masks",
        "body": "Please",
        "author": story.officer.user,
        "by": story.officer.by,
        "at": AT,
    }
    send_inquiry(draft_inquiry(need, story.contact, **facts), by=story.officer.by, at=AT)
    order = story.draft(
        story.bought,
        offers_sought=3,
        few_offers_reason="",
        budget_line="MED-2020",
        taxes="250.00",
        extra_costs="100.00",
        authority="emergency",
        authority_reference="Council 2020-17",
    )
    page = officer.open(order)
    for said in ("MED-2020", "USD 250.00", "USD 100.00", "Council 2020-17", "Emergency powers"):
        assert said in page
    assert "According to the record, inquiries sent: 1; offers received: 1." in page
    assert "The number entered differs from the record." in page
    edit_order(order, OrderEdit(offers_sought_reason="Two by phone"), by=story.officer.by, at=AT)
    assert "Two by phone" in officer.open(order)
    edit_order(order, OrderEdit(offers_sought=1, few_offers_reason="One maker"), by=story.officer.by, at=AT)
    assert "differs from the record" not in officer.open(order)


def test_waiting_order_shows_since_when_and_the_next_reminder(story, officer):
    order = story.placed(story.bought)
    page = officer.open(order)
    assert "Waiting since" in page
    assert "Next reminder" in page
    assert "Last reminder" not in page
    assert "to confirm" not in officer.open("/")
    later = AT + timedelta(days=5)
    assert send_order_reminders(later) == 1
    plan_messages(later)
    page = officer.open(order)
    row = words(page.main.xpath(".//div[dt='Last reminder']")[0])
    assert story.officer.user.name in row
    today = officer.open("/")
    assert f"Ask {story.supplier.name} to confirm" in today
    assert "The supplier has not confirmed the order." in today


def test_readiness_indicator_leads_from_offer_to_placed_order_step_by_step(story, officer):
    """Each reader gets the one button to press, or the name of those who must act."""
    line = story.line(1_000)
    offer = draft_lead(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, stock_quantity=1_000, kind="sale",
    )  # fmt: skip
    submit_lead(offer, by=story.officer.by, at=AT)
    page = officer.open(offer)
    assert readiness_text_and_button(page) == ("Not yet", "Start the checks")
    page.press("Start the checks")
    assert readiness_text_and_button(officer.open(offer))[0] == "Not yet"
    assert readiness_text_and_button(Browser(story.observer.user).open(offer))[1] == ""
    promised = story.bought
    assert readiness_text_and_button(officer.open(promised)) == ("Yes", "Create order")
    order = story.draft(promised)
    assert readiness_text_and_button(officer.open(promised)) == ("Yes", "Open order")
    assert readiness_text_and_button(officer.open(order)) == ("Yes", "Approve order")
    assert "The person who created the order can approve it." in Browser(story.observer.user).open(order)
    officer.open(order).press("Approve order")
    assert readiness_text_and_button(officer.open(order)) == ("Yes", "Place order")
    officer.open(order).press("Place order")
    assert readiness_text_and_button(officer.open(order)) == (
        "Ordered, with open issues",
        "Record supplier confirmation",
    )


def test_readiness_indicator_links_a_blocking_finding_to_those_who_can_respond(story, officer, approver):
    order = story.draft(story.bought)
    add_blocking_finding(story.bought.lead)
    assert readiness_text_and_button(officer.open(order)) == ("No", "Respond to the finding")
    assert readiness_text_and_button(officer.open(story.bought.lead)) == ("No", "Respond to the finding")
    page = approver.open(order)
    assert readiness_text_and_button(page) == ("No", "")
    assert "A procurement officer or a verifier must respond to the finding." in page


def test_offer_and_allocation_of_a_banned_supplier_cannot_be_ordered_and_link_to_the_company(story, officer):
    who = {"by": story.officer.by, "at": AT}
    set_status(story.supplier, story.city, "banned", reason="Holes.", starts_on=AT.date(), **who)
    for thing in (story.bought.lead, story.bought):
        assert readiness_text_and_button(officer.open(thing)) == ("No", "View company")


def test_cancelled_order_has_no_readiness_indicator(story, officer):
    order = story.draft(story.bought)
    cancel_order(order, reason="Not needed.", by=story.officer.by, at=AT)
    assert not officer.open(order).root.xpath("//section[@id='light']")
    assert not officer.open(story.bought).root.xpath("//section[@id='light']")


def readiness_text_and_button(page) -> tuple[str, str]:
    """Return the word of the readiness indicator, and the text of its one primary button."""
    card = page.root.xpath("//section[@id='light']")[0]
    button = card.xpath(".//*[contains(@class, 'btn-primary')]")
    assert len(button) < 2
    word = words(card.xpath(".//h2")[0]).removeprefix("Can I order?").strip()
    return word, words(button[0]) if button else ""


def test_readiness_indicator_of_an_order_with_ready_goods_points_to_the_shipment(story, officer):
    order = story.ready(story.bought, bank_account=story.account())
    assert readiness_text_and_button(officer.open(order)) == ("Ordered, no open issues", "Plan a shipment")
    page = Browser(story.observer.user).open(order)
    assert "The shipment is the next step." in page, page.text[:600]
    assert "A procurement officer of the city takes the next step." not in page
