"""Tests of the page behind a purchase order's link, of the officer's page, of Today and of the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partners.cities.actions import set_purchase_details
from procurement.generated_documents.actions import generate_due_purchase_orders
from procurement.orders.acknowledgements.actions.requests import send_again
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.actions.approve import record_confirmation
from procurement.orders.actions.close import cancel_order, reduce_quantity
from procurement.orders.models import Order
from tests.browsing import Browser, Page
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.acknowledgements import SellingOffice, confirm, decline, link_to_order, propose
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


def open_order_link(sent: OrderAcknowledgement, language: str = "en") -> Page:
    """Return the page behind the link, after Continue."""
    words = {"en": "Continue", "fr-ca": "Continuer", "zh-hans": "继续"}
    first = Browser(language=language).open(link_to_order(sent).url)
    assert sent.order.reference in first
    return first.press(words[language])


def test_page_shows_the_order_in_short_and_opens_the_document(office: SellingOffice) -> None:
    administrator = office.person("administrator")
    edit = {"registration_number": "", "purchase_conditions": "Deliver on weekdays."}
    set_purchase_details(office.city, **edit, by=administrator.by, at=AT)
    sent = office.sent_order(6_000)
    page = open_order_link(sent)
    for text in (
        "6,000",
        "KH-2020 Type I",
        "Zhongshan",
        sent.order.reference,
        "Total",
        "Deliver on weekdays.",
    ):
        assert text in page, text
    answer = page.browser.client.get(reverse("portal_order_document", args=[sent.reference]))
    pdf = page.browser.client.get(answer["Location"])
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("language", "button"), [("fr-ca", "Confirmer la commande"), ("zh-hans", "确认订单")]
)
def test_page_speaks_three_languages(office: SellingOffice, language: str, button: str) -> None:
    assert button in open_order_link(office.sent_order(2_000), language).buttons


def test_supplier_confirms_on_the_page_and_then_sees_only_the_receipt(office: SellingOffice) -> None:
    sent = office.sent_order(3_000)
    page = open_order_link(sent)
    after = page.press(
        "Confirm order", delivery_on="2020-04-27", supplier_reference="KH-77", answered_by_name="Chen Min"
    )
    assert "This order is confirmed." in after
    assert "KH-77" in after
    assert "Total" not in after
    assert Order.objects.get(pk=sent.order_id).confirmation_method == "link"
    document = page.browser.client.get(reverse("portal_order_document", args=[sent.reference]))
    assert document.status_code == 404
    assert "This order is confirmed." in open_order_link(sent)
    shown = Browser(office.officer.user).open(sent.order)
    assert "By link" in shown
    assert "Chen Min" in shown


def test_refused_form_keeps_what_was_typed_and_names_the_field(office: SellingOffice) -> None:
    sent = office.sent_order(3_100, promised_on=date(2020, 5, 4))
    page = open_order_link(sent)
    after = page.press("Confirm order", delivery_on="2020-05-30", answered_by_name="Chen Min")
    assert "delivery_on" in after.wrong
    after = page.press("Send proposal", delivery_on="", proposed_terms="", reason="", answered_by_name="Chen")
    assert "reason" in after.wrong
    again = after.press(
        "Send proposal", delivery_on="2020-05-30", reason="Late cloth.", answered_by_name="Chen"
    )
    assert "Other terms proposed" in again
    assert OrderAcknowledgement.objects.get(pk=sent.pk).delivery_on == date(2020, 5, 30)


def test_stale_tab_is_refused_and_can_be_sent_after_reading(office: SellingOffice) -> None:
    sent = office.sent_order(3_200)
    page = open_order_link(sent)
    decline(sent)
    stale = page.press("Confirm order", delivery_on="2020-04-27", answered_by_name="Chen Min")
    assert "no longer current" in stale.alert
    assert OrderAcknowledgement.objects.get(pk=sent.pk).status == "declined"
    done = stale.press("Confirm order", delivery_on="2020-04-27", answered_by_name="Chen Min")
    assert "This order is confirmed." in done


def test_link_is_closed_after_other_confirmation_and_cancelling(office: SellingOffice) -> None:
    for end in ("phone", "cancel"):
        sent = office.sent_order(3_300 if end == "phone" else 3_400)
        page = open_order_link(sent)
        if end == "phone":
            record_confirmation(sent.order, confirmation_method="phone", by=office.officer.by, at=AT)
        else:
            cancel_order(sent.order, reason="No.", by=office.officer.by, at=AT)
        assert page.browser.client.get(reverse("portal_order", args=[sent.reference])).status_code == 404
        client: Any = Browser().client
        assert client.get(link_to_order(sent).url.split("8000")[-1]).status_code in (404, 410)


def test_former_holder_of_the_link_reads_nothing(office: SellingOffice) -> None:
    sent = office.sent_order(3_500)
    page = open_order_link(sent)
    OrderAcknowledgement.objects.filter(pk=sent.pk).update(person=office.contact.user)
    assert page.browser.client.get(reverse("portal_order", args=[sent.reference])).status_code == 404


def test_page_shows_no_limits_account_or_other_need(office: SellingOffice) -> None:
    sent = office.sent_order(3_600)
    page = open_order_link(sent)
    order = sent.order
    hidden = [order.few_offers_reason, order.author.name, str(office.city.approval_limit or "no limit")]
    if order.bank_account is not None:
        hidden.append(order.bank_account.masked_account_number)
    for text in filter(None, hidden):
        assert text not in page, text


def test_officer_decides_on_the_orders_page_and_today_lists_the_answer(office: SellingOffice) -> None:
    sent = office.sent_order(3_700)
    propose(sent, delivery_on=date(2020, 5, 20), reason="Cloth is late.")
    officer = Browser(office.officer.user)
    assert "Decide on the terms that" in officer.open("/")
    page = officer.open(sent.order)
    assert "Cloth is late." in page
    after = page.do("accept", OrderAcknowledgement.objects.get(pk=sent.pk))
    assert "20 May 2020" in after
    assert Order.objects.get(pk=sent.order_id).status == "confirmed"
    assert "Decide on the terms that" not in officer.open("/")


def test_officer_sends_again_copies_and_cancels_the_link(office: SellingOffice) -> None:
    sent = office.sent_order(3_800)
    officer = Browser(office.officer.user)
    copied = officer.open(sent.order).press("Copy for WeChat")
    assert "/l/" in copied
    officer.open(sent.order).press("Send again")
    assert OrderAcknowledgement.objects.get(pk=sent.pk).sent_count == 2
    officer.open(sent.order).do("withdraw", sent)
    assert OrderAcknowledgement.objects.get(pk=sent.pk).status == "closed"
    assert "Copy for WeChat" not in officer.open(sent.order).buttons
    observer = Browser(office.observer.user).open(sent.order)
    assert "Send again" not in observer.buttons


def test_order_that_could_not_be_sent_is_sent_by_its_button(office: SellingOffice) -> None:
    office.introduce()
    office.give_email()
    order = office.placed(office.promise(2_000, model="KH"))
    generate_due_purchase_orders(AT)  # the company's registration number is missing
    officer = Browser(office.officer.user)
    assert "once its purchase order has been generated" in officer.open(order)
    office.register()
    office.make("purchase_order", order=order)
    officer.open(order).press("Send to supplier")
    assert OrderAcknowledgement.objects.get(order=order).author == office.officer.user


def test_copied_link_for_a_company_without_address_is_in_its_language(office: SellingOffice) -> None:
    sent = office.unsent_order(2_100)
    user = office.officer.user
    first = Browser().open(link_to_order(sent, user, copied_by=user).url)
    page = first.press(first.buttons[-1])
    assert "确认订单" in page.buttons
    page.press("确认订单", delivery_on="2020-04-27", answered_by_name="陈敏")
    order = Order.objects.get(pk=sent.order_id)
    assert (order.status, order.confirmed_by_name) == ("confirmed", "陈敏")
    answered = OrderAcknowledgement.objects.get(pk=sent.pk)
    assert (answered.answered_by_name, answered.link_copied_by) == ("陈敏", user)


def test_copied_link_ends_with_a_known_address_and_with_the_role_of_its_copier(office: SellingOffice) -> None:
    sent = office.unsent_order(2_200)
    user = office.officer.user
    first = Browser().open(link_to_order(sent, user, copied_by=user).url)
    page = first.press(first.buttons[-1])
    address = reverse("portal_order", args=[sent.reference])
    memberships = user.memberships.filter(city=office.city)
    roles = list(memberships.values_list("pk", "role"))
    memberships.update(role="observer")
    assert page.browser.client.get(address).status_code == 404
    for pk, role in roles:
        user.memberships.filter(pk=pk).update(role=role)
    assert page.browser.client.get(address).status_code == 200
    office.give_email()
    send_again(OrderAcknowledgement.objects.get(pk=sent.pk), by=office.officer.by, at=AT)
    assert page.browser.client.get(address).status_code == 404


def test_page_after_confirmation_ends_when_the_order_is_cancelled(office: SellingOffice) -> None:
    sent = office.sent_order(2_900)
    page = open_order_link(sent)
    confirm(sent)
    address = reverse("portal_order", args=[sent.reference])
    assert page.browser.client.get(address).status_code == 200
    cancel_order(Order.objects.get(pk=sent.order_id), reason="No.", by=office.officer.by, at=AT)
    assert page.browser.client.get(address).status_code == 404
    client: Any = Browser().client
    assert client.get(link_to_order(sent).url.split("8000")[-1]).status_code in (404, 410)


def test_page_states_the_conditions_and_the_day_of_the_document(office: SellingOffice) -> None:
    administrator = office.person("administrator")
    edit = {"registration_number": "", "purchase_conditions": "Deliver on weekdays."}
    set_purchase_details(office.city, **edit, by=administrator.by, at=AT)
    sent = office.sent_order(2_600)
    document = sent.order.generated_documents.get()
    stated = document.figures["needed_by"].values()
    needed = sent.order.lines.get().allocation.line
    edit["purchase_conditions"] = "Deliver at night."
    set_purchase_details(office.city, **edit, by=administrator.by, at=AT)
    type(needed).objects.filter(pk=needed.pk).update(needed_by=date(2020, 12, 24))
    page = open_order_link(sent)
    assert "Deliver on weekdays." in page
    assert "Deliver at night." not in page
    assert "24 December" not in page
    with assert_refused("later_than_ordered", sent):
        confirm(sent, delivery_on=date.fromisoformat(min(stated)) + timedelta(days=1))
    newer = office.make("purchase_order", order=sent.order)
    stale = page.press("Confirm order", delivery_on="2020-04-27", answered_by_name="Chen Min")
    assert "no longer current" in stale
    assert "Deliver at night." in stale
    confirm(sent)
    row = Program(office.officer.user).get(f"order-acknowledgements/{sent.reference}/")
    assert row["purchase_order"] == newer.reference


def test_page_of_a_reduced_order_waits_for_the_new_purchase_order(office: SellingOffice) -> None:
    sent = office.sent_order(7_200)
    page = open_order_link(sent)
    reduce_quantity(sent.order, sent.order.lines.get(), 200, reason="Less.", by=office.officer.by, at=AT)
    after = page.browser.open(reverse("portal_order", args=[sent.reference]))
    assert "has not generated its purchase order again" in after
    assert "Confirm order" not in after.buttons


def test_api_shows_the_proposal_and_decides_on_it(office: SellingOffice) -> None:
    sent = office.sent_order(3_900)
    propose(sent, delivery_on=None, proposed_terms="USD 0.60")
    program = Program(office.officer.user)
    row = program.get(f"order-acknowledgements/{sent.reference}/")
    assert (row["status"], row["proposed_terms"], row["answer_count"]) == ("proposed", "USD 0.60", 1)
    assert (
        program.get("order-acknowledgements/?status=proposed")["results"][0]["order"] == sent.order.reference
    )
    path = f"order-acknowledgements/{sent.reference}/"
    assert program.ask("post", f"{path}accept/", {"answer_count": 1}).status_code == 422
    assert program.ask("post", f"{path}refuse/", {"reason": "No.", "answer_count": 0}).status_code == 412
    assert program.post(f"{path}refuse/", {"reason": "No.", "answer_count": 1})["status"] == "requested"
    assert Program(office.stranger.user).ask("get", path).status_code == 404
    confirm(sent)
    assert program.get(f"orders/{sent.order.reference}/")["confirmation_method"] == "link"
