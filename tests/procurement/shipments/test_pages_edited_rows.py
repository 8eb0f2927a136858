"""Tests of facts edited in the rows of the lists of needs, checks, orders and shipments.

Offers are in tests/procurement/leads/test_pages_leads.py.
"""

from datetime import date

import pytest
from django.urls import reverse

from partners.contacts.actions import opt_out
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.models import VerificationTask
from procurement.verification.rules.tasks import due_time_change_refusal
from tests.browsing import Browser, words
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.formatting import local_moment
from workflow.http.lists import REGISTERED_LISTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def assigned_check(story):
    task = propose_check(
        story.lead(story.line(10_000)), "site_visit", needed=False, by=story.officer.by, at=AT
    )
    return request_check(task, story.checker, by=story.officer.by, at=AT)


def test_date_and_quantity_of_a_need_are_changed_in_the_row_of_the_list(story):
    line, officer = story.line(10_000), Browser(story.officer.user)
    need = line.supply_request
    page = officer.open(f"{reverse('needs')}?status=open").follow(f"Change {need.reference}")
    assert page.form("Save changes").names == {"needed_by", "reason", f"quantity{line.pk}"}
    back = page.press("Save changes", needed_by="2020-06-30", **{f"quantity{line.pk}": "12 000"})
    need.refresh_from_db()
    line.refresh_from_db()
    assert (back.at, back.status) == (f"{reverse('needs')}?status=open", 200)
    assert (need.needed_by, line.quantity) == (date(2020, 6, 30), 12_000)


def test_due_date_of_a_check_is_changed_in_the_row_of_the_list(story):
    task, officer = assigned_check(story), Browser(story.officer.user)
    page = officer.open(reverse("checks")).follow(f"Change {task.reference}")
    back = page.press("Save changes", due_at="2020-04-24 10:00")
    task.refresh_from_db()
    assert back.at == reverse("checks")
    assert local_moment(task.due_at, story.checker.user.time_zone).date() == date(2020, 4, 24)


def test_promised_date_of_an_order_is_changed_in_the_row_and_its_other_terms_are_kept(story):
    order, officer = story.draft(authority_reference="2020-114"), Browser(story.officer.user)
    page = officer.open(reverse("orders")).follow(f"Change {order.reference}")
    back = page.press("Save changes", promised_on="2020-05-20", taxes="12.50")
    order.refresh_from_db()
    assert back.at == reverse("orders")
    assert (order.promised_on, str(order.taxes)) == (date(2020, 5, 20), "12.50")
    assert (order.authority_reference, order.few_offers_reason) == ("2020-114", "Only one maker had stock.")


def test_carrier_and_expected_date_of_a_shipment_are_changed_in_the_row(story):
    shipment, logistics = story.packed(), Browser(story.logistics.user)
    known = shipment.air_waybill
    page = logistics.open(reverse("shipments")).follow(f"Change {shipment.reference}")
    back = page.press("Save changes", carrier="Cathay Pacific Cargo", expected_on="2020-05-02")
    shipment.refresh_from_db()
    assert back.at == reverse("shipments")
    assert (shipment.carrier, shipment.expected_on) == ("Cathay Pacific Cargo", date(2020, 5, 2))
    assert shipment.air_waybill == known


def test_refused_row_form_is_shown_again_and_then_leads_back_to_the_list(story):
    line, officer = story.line(10_000), Browser(story.officer.user)
    page = officer.open(f"{reverse('needs')}?status=open&change={line.supply_request.reference}")
    refused = page.press("Save changes", **{f"quantity{line.pk}": "0"})
    assert refused.status == 422 and f"quantity{line.pk}" in refused.wrong
    back = refused.press("Save details", **{f"quantity{line.pk}": "9 000"})
    line.refresh_from_db()
    assert (back.at, line.quantity) == (f"{reverse('needs')}?status=open", 9_000)


def test_row_that_cannot_be_edited_now_says_why(story):
    task, officer = assigned_check(story), Browser(story.officer.user)
    opt_out(story.checker, by=own_link(story.checker), at=AT)
    page = officer.open(reverse("checks")).follow(f"Change {task.reference}")
    assert "Save changes" not in page.buttons
    assert str(due_time_change_refusal(VerificationTask.objects.get(pk=task.pk)).message) in page
    assert page.follow("Cancel").at == reverse("checks")


def test_rows_are_edited_only_by_people_with_the_right_to_the_move(story):
    things = {"needs": story.line(10_000).supply_request, "checks": assigned_check(story), "orders": story.draft(),
              "shipments": story.packed()}  # fmt: skip
    observer, stranger = Browser(story.observer.user), Browser(story.stranger.user)
    for name, thing in things.items():
        page = observer.open(f"{reverse(name)}?change={thing.reference}")
        assert thing.reference in page and "Save changes" not in page.buttons, name
        assert f"Change {thing.reference}" not in page, name
        for verb in REGISTERED_LISTS[name].row_move_options:
            address = reverse("edit_row", args=[thing.reference, name, verb])
            assert observer.client.post(address, {}).status_code == 403, name
            assert stranger.client.post(address, {}).status_code == 404, name
    need = things["needs"].reference
    assert observer.open(reverse("edit_row", args=[need, "needs", "withdraw"])).status == 404
    assert observer.open(reverse("edit_row", args=[need, "nothing", "edit"])).status == 404


def browser_title(page):
    return page.root.xpath("string(//title)").strip()


def test_refused_row_form_names_the_order_and_the_fields_to_mend(story):
    order, officer = story.draft(), Browser(story.officer.user)
    page = officer.open(f"{reverse('orders')}?change={order.reference}")
    names = page.form("Save changes").names
    refused = page.press("Save changes", promised_on="30 février", taxes="12.50")
    form = refused.form("Save details")
    assert (refused.status, refused.heading, form.names) == (422, "Edit details", names)
    assert (form.fields["promised_on"], form.fields["taxes"]) == (["30 février"], ["12.50"])
    assert set(refused.wrong) == {"promised_on"}
    assert order.supplier.name in refused and order.currency in refused and order.reference in refused
    assert browser_title(refused).startswith(f"Edit details · {order.reference}")
    assert refused.follow("Cancel").at == order.get_absolute_url()


def test_row_form_of_a_value_changed_meanwhile_shows_both_values_side_by_side(story):
    shipment = story.packed()
    slow, quick = Browser(story.logistics.user), Browser(story.logistics.user)
    address = f"{reverse('shipments')}?change={shipment.reference}"
    stale = slow.open(address)
    quick.open(address).press("Save changes", carrier="Air China Cargo")
    refused = stale.press("Save changes", carrier="Cathay Pacific Cargo")
    assert refused.status == 422 and "while your page was open" in refused.wrong["carrier"]
    pair = refused.main.xpath(".//*[@class='two-values']/div")
    assert [words(one.xpath("dd")[0]) for one in pair] == ["Air China Cargo", "Cathay Pacific Cargo"]
    assert str(story.logistics.user) in words(pair[0].xpath("dt")[0])
    assert words(pair[1].xpath("dt")[0]) == "Entered by you"
    assert refused.press("Save details").at == reverse("shipments")
    shipment.refresh_from_db()
    assert shipment.carrier == "Cathay Pacific Cargo"
