"""Tests of the page that creates an order: prefilled from the offer, and sent on with one button."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser, words
from tests.worlds.need_to_order import Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
REASON = {"few_offers_reason": "Only one maker had stock."}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.approver
        story.mine = story.account()
        story.bought = story.promise(10_000)
        story.given = story.promise(5_000, kind="donation", price=None)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def order_form_url(*allocations) -> str:
    return "/orders/new/?" + "&".join(f"allocation={one.pk}" for one in allocations)


def journal_verbs(order) -> list[str]:
    """Return the moves of an order by its journal."""
    found = Entry.objects.filter(thing_label="procurement.order", thing_id=order.pk)
    return list(found.order_by("pk").values_list("verb", flat=True))


def test_new_order_page_asks_first_whose_goods_to_order(story, officer):
    page = officer.open("/orders/new/")
    assert page.forms == []
    assert "Choose whose goods to order." in page
    rows = [words(row) for row in page.main.xpath(".//ul[@class='rows']/li")]
    assert ["For sale" in row for row in rows] == [True, False]
    page = page.follow("Create order")
    assert page.form("Save draft").fields["allocations"] == [str(story.bought.pk)]


def test_order_form_is_prefilled_from_the_offer_and_the_record(story, officer):
    SupplierLead.objects.filter(pk=story.bought.lead_id).update(
        price_in_city_currency="0.70",
        lead_days=5,
        air_days=3,
        landed={
            "mode": "air",
            "arrived": "1.2000",
            "currency": "CAD",
            "by": {
                "air": {
                    "parts": [
                        {"name": "freight", "basis": "offered", "amount": "0.1400"},
                        {"name": "insurance", "basis": "assumed", "amount": "9.0000"},
                        {"name": "inspection", "basis": "offered", "amount": None},
                    ]
                }
            },
        },
    )
    form = officer.open(order_form_url(story.bought)).form("Save draft")
    shown = {name: values[0] for name, values in form.fields.items() if values}
    assert shown["extra_costs"] in ("1000.00", "1,000.00"), "CAD 0.14 is USD 0.10 at the rate of the price"
    assert (shown["incoterm"], shown["incoterm_place"]) == ("FCA", "Zhongshan")
    assert shown["promised_on"] == "2020-04-24"
    assert [shown[name] for name in ("deposit", "against_documents", "after_inspection")] == [
        "30",
        "40",
        "30",
    ]
    assert shown["bank_account"] == str(story.mine.pk)
    assert shown["offers_sought"] == "1"
    assert "DDP, delivered duty paid" in form.choices("incoterm")
    page = officer.open(order_form_url(story.bought))
    assert "According to the record, inquiries sent: 0; offers received: 1." in page
    assert "landed cost: CAD 1.20" in page
    assert "Donated by" not in page


def test_order_form_keeps_an_incoterm_of_an_older_edition(story, officer):
    SupplierLead.objects.filter(pk=story.bought.lead_id).update(incoterm="DAT")
    form = officer.open(order_form_url(story.bought)).form("Save draft")
    assert form.fields["incoterm"] == ["DAT"]
    assert "DDU" not in form.choices("incoterm").values()


def test_order_below_the_limit_is_created_approved_and_placed_with_one_button(story, officer):
    story.register()
    page = officer.open(order_form_url(story.bought))
    assert "You can place this order yourself." in page
    done = page.press("Place order", extra_costs="1 250,50", budget_line="MED-2020", **REASON)
    order = Order.objects.get()
    assert done.at == order.get_absolute_url()
    assert "Its purchase order is being generated and sent to the supplier." in done
    assert (order.status, order.total, order.bank_account) == ("placed", Decimal("6250.50"), story.mine)
    assert journal_verbs(order) == ["draft", "approve", "place"]


def test_order_above_the_limit_is_sent_to_the_named_approver_with_one_button(story, officer):
    story.limit("1000")
    who = story.approver.user
    page = officer.open(order_form_url(story.bought))
    assert page.buttons == ["Save draft", f"Send to {who} for approval"]
    done = page.press(f"Send to {who} for approval", deposit="20", after_inspection="40", **REASON)
    order = Order.objects.get()
    assert f"{order.reference} has been sent to {who} for approval." in done
    assert (order.status, journal_verbs(order)) == ("awaiting_approval", ["draft", "submit"])
    shares = order.payments.order_by("pk").values_list("milestone", "percent")
    assert list(shares) == [("deposit", 20), ("against_documents", 40), ("after_inspection", 40)]


def test_order_exceeding_the_limit_together_with_another_goes_to_an_approver(story, officer):
    story.limit("10000")
    other = story.approved(story.promise())
    page = officer.open(order_form_url(story.bought))
    who = story.approver.user
    assert f"Together with {other.reference} to the same company, this order needs approval by {who}" in page
    page.press(f"Send to {who} for approval", **REASON)
    assert Order.objects.latest("pk").status == "awaiting_approval"


def test_message_after_placing_names_what_the_purchase_order_lacks(story, officer):
    done = officer.open(order_form_url(story.bought)).press("Place order", **REASON)
    order = Order.objects.get()
    assert f"{order.reference} has been placed, but its purchase order cannot be generated" in done
    assert f"The registration number of {story.supplier} is missing." in done
    assert "Next: send the purchase order" not in done


def test_extra_costs_that_exceed_the_limit_send_the_order_to_the_approver(story, officer):
    officer.open(order_form_url(story.bought)).press("Place order", extra_costs="900 000", **REASON)
    assert Order.objects.get().status == "awaiting_approval"


def test_order_of_an_offer_under_review_goes_to_an_approver(story, officer):
    SupplierLead.objects.filter(pk=story.bought.lead_id).update(status="under_review")
    page = officer.open(order_form_url(story.bought))
    assert "Place order" not in page.buttons
    page.press(f"Send to {story.approver.user} for approval", **REASON)
    assert Order.objects.get().status == "awaiting_approval"


def test_missing_reason_for_few_quotes_is_refused_at_its_field_but_a_draft_is_saved(story, officer):
    page = officer.open(order_form_url(story.bought))
    refused = page.press("Place order", few_offers_reason="")
    assert (refused.status, set(refused.wrong)) == (422, {"few_offers_reason"})
    assert not Order.objects.exists()
    page.press("Save draft", few_offers_reason="")
    assert Order.objects.get().status == "draft"


def test_order_with_three_recorded_quotes_needs_no_reason(story, officer):
    line = story.bought.line
    story.lead(line, supplier=story.company("佛山安洁 DEMO"))
    story.lead(line, supplier=story.company("东莞安洁 DEMO"))
    assert not Inquiry.objects.exists()
    page = officer.open(order_form_url(story.bought))
    assert "Reason for fewer than three quotes" not in page
    page.press("Place order")
    assert Order.objects.get().offers_sought == 3


def test_order_with_fewer_stated_quotes_asks_for_the_missing_reason_again(story, officer):
    line = story.bought.line
    story.lead(line, supplier=story.company("佛山安洁 DEMO"))
    story.lead(line, supplier=story.company("东莞安洁 DEMO"))
    why = {"offers_sought": "2", "offers_sought_reason": "One answered about other goods."}
    refused = officer.open(order_form_url(story.bought)).press("Place order", offers_sought="2")
    assert set(refused.wrong) == {"offers_sought_reason"}
    refused = refused.press("Place order", **why)
    assert (refused.status, set(refused.wrong)) == (422, {"few_offers_reason"})


def test_number_of_quotes_other_than_recorded_requires_a_reason(story, officer):
    page = officer.open(order_form_url(story.bought))
    assert "Reason the number differs from the record" not in page
    refused = page.press("Place order", offers_sought="3")
    assert (refused.status, set(refused.wrong)) == (422, {"offers_sought_reason"})
    refused.press("Place order", offers_sought="3", offers_sought_reason="Two makers quoted by phone.")
    order = Order.objects.get()
    assert (order.offers_sought, order.offers_recorded, order.status) == (3, 1, "placed")
    assert "Two makers quoted by phone." in officer.open(order)


def test_number_of_quotes_follows_the_chosen_allocations(story, officer):
    other = story.promise(1_000)
    for name in ("佛山安洁 DEMO", "东莞安洁 DEMO"):
        story.lead(other.line, supplier=story.company(name))
    page = officer.open(order_form_url(story.bought, other))
    refused = page.press("Place order", allocations=[str(story.bought.pk)])
    assert set(refused.wrong) == {"few_offers_reason"}, "one quote, not the three of both"
    refused.press("Place order", **REASON)
    order = Order.objects.get()
    assert (order.offers_sought, order.offers_recorded) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"deposit": "40"}, "deposit"),
        ({"deposit": "40", "after_inspection": "20"}, "deposit_reason"),
        ({"allocations": None}, "allocations"),
        ({"extra_costs": "much"}, "extra_costs"),
        ({"promised_on": "soon"}, "promised_on"),
    ],
)
def test_invalid_value_in_the_order_form_is_refused_at_its_field(story, officer, typed, field):
    refused = officer.open(order_form_url(story.bought)).press("Place order", **REASON, **typed)
    assert (refused.status, set(refused.wrong)) == (422, {field})
    assert not Order.objects.exists()


def test_purchased_and_donated_goods_in_one_order_are_refused(story, officer):
    sent = {"allocations": [story.bought.pk, story.given.pk], "offers_sought": "3", "authority": "regular"}
    sent |= {"deposit": "30", "against_documents": "40", "after_inspection": "30", "then": "draft"}
    refused = officer.client.post("/orders/new/", sent)
    assert refused.status_code == 422
    assert "Choose only one of the two." in refused.content.decode()
    assert not Order.objects.exists()


def test_total_and_button_are_recalculated_from_typed_figures(story, officer):
    typed = {"count": "", "allocations": story.bought.pk, "extra_costs": "900000"}
    found = officer.client.get(
        order_form_url(story.bought), typed | {"allocation": story.bought.pk}, headers={"HX-Request": "true"}
    )
    text = found.content.decode().replace("\xa0", " ")
    assert "USD 905,000.00" in text
    assert f"Send to {story.approver.user} for approval" in text
    assert "<form" not in text
    assert not Order.objects.exists()


def test_donation_without_a_known_value_is_sent_to_an_approver(story, officer):
    page = officer.open(order_form_url(story.given))
    assert page.heading == "Enter donation"
    assert page.buttons == [f"Send to {story.approver.user} for acceptance"]
    form = page.form(page.buttons[0])
    assert not {"deposit", "bank_account", "offers_sought"} & form.names
    assert form.fields["donor_city"] == [str(story.contact.city_id)]
    page.press(page.buttons[0], **{f"value{story.given.pk}": "0,40"})
    order = Order.objects.get()
    assert (order.kind, order.status, order.donor_city) == ("donation", "offered", story.contact.city)
    assert (order.total, journal_verbs(order)) == (Decimal(2000), ["offer"]), "no more than the button said"


def test_donation_of_known_value_below_the_limit_is_accepted_with_one_button(story, officer):
    SupplierLead.objects.filter(pk=story.given.lead_id).update(unit_price="0.40", currency="CAD")
    page = officer.open(order_form_url(story.given))
    assert page.buttons == ["Enter donation", "Accept donation"]
    page.press("Accept donation")
    order = Order.objects.get()
    assert (order.status, journal_verbs(order)) == ("accepted", ["offer", "accept"])


def test_promised_date_typed_in_chinese_is_stored_on_the_order(story, officer):
    officer.open(order_form_url(story.bought)).press("Save draft", promised_on="2020年5月4日", taxes="250")
    order = Order.objects.get()
    assert (order.promised_on, order.taxes) == (date(2020, 5, 4), Decimal(250))
