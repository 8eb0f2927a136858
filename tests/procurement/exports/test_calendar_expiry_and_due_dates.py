"""Tests of the last days of offers and certificates, and of due payments, in a person's calendar."""

from datetime import date, timedelta

import pytest

from procurement.allocations.actions import allocate
from procurement.exports.calendar_file import calendar_items
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.orders.payments.models import Payment
from procurement.suppliers.models.certificates import Certificate
from tests.worlds import leads
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
END = date(2020, 4, 30)


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        line = story.line(8_000)
        story.offer = story.lead(line)
        change_lead(story.offer, LeadEdit(valid_until=END), by=story.officer.by, at=AT)
        story.paper = leads.enter_certificate(story)
        Certificate.objects.filter(pk=story.paper.pk).update(valid_until=END)
        promised = allocate(story.offer, line, 5_000, author=story.officer.user, by=story.officer.by, at=AT)
        story.order = story.placed(promised)
        Payment.objects.filter(order=story.order).update(due_on=END)
        yield story


def ends_on_last_day(by) -> dict[str, str]:
    return {one.key: one.summary for one in calendar_items(by, AT) if one.event_time == END}


def test_offer_certificate_and_payment_ends_are_in_the_citys_calendar(story):
    payment = Payment.objects.filter(order=story.order).first()
    found = ends_on_last_day(story.officer.by)
    assert found[f"offer-{story.offer.reference}"] == f"Offer expires: {story.offer.reference} · Burnaby"
    assert found[f"certificate-{story.paper.reference}"] == f"Certificate expires: {story.paper.reference}"
    assert found[f"payment-{payment.pk}"] == f"Payment due: {story.order.reference} · Burnaby"
    assert set(ends_on_last_day(story.observer.by)) == set(found)


def test_contact_calendar_contains_the_end_of_their_own_offer_only(story):
    assert set(ends_on_last_day(powers_for(story.contact.user))) == {f"offer-{story.offer.reference}"}
    assert ends_on_last_day(story.stranger.by) == {}


def test_ended_offers_certificates_and_payments_are_not_in_the_calendar(story):
    Payment.objects.filter(order=story.order).update(status="cancelled")
    Certificate.objects.filter(pk=story.paper.pk).update(status="altered")
    type(story.offer).objects.filter(pk=story.offer.pk).update(valid_until=END + timedelta(days=1))
    need = story.offer.line.supply_request
    assert set(ends_on_last_day(story.officer.by)) == {f"need-{need.reference}-reconfirm"}
