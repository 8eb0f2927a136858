"""Tests that pages say when an agreement has ended: on its inquiries, beside suggested contacts, and on the city's page."""

from datetime import date

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import AgreementEdit, correct_agreement, end_agreement, suspend_agreement
from partners.partial_dates import parse_partial_date
from partners.routing.expired_agreements import expired_pairs, expired_partners
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
ON = AT.date()
ENDED_TEXT = "No new contacts can be asked"


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("burnaby")
    clear_instance_cache()


@pytest.fixture
def agreement(story):
    return cities.twinning("burnaby", "zhongshan", signed="2011")


@pytest.fixture
def inquiry(story, agreement):
    made = draft_inquiry(
        story.line(10_000).supply_request, story.contact, subject="能否协助？", body="您好！",
        author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    return send_inquiry(made, by=story.officer.by, at=AT)


def page_html(story, path):
    client = Client()
    client.force_login(story.officer.user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def page_urls(story, inquiry):
    return (
        inquiry.get_absolute_url(),
        f"{inquiry.supply_request.get_absolute_url()}ask/",
        "/cities/zhongshan/",
    )


def end_agreement_by(agreement, how):
    who = {"by": CONSOLE_ACTOR, "at": AT, "reason": "vote"}
    if how == "suspended":
        suspend_agreement(agreement, on=parse_partial_date("2020-04"), **who)
    elif how == "expired":
        correct_agreement(agreement, AgreementEdit(expires=parse_partial_date("2020-03-31")), **who)
    else:
        end_agreement(agreement, why="terminated", on=parse_partial_date("2020-04-15"), **who)


@pytest.mark.parametrize("how", ["ended", "suspended", "expired"])
def test_pages_say_that_an_agreement_has_ended_been_suspended_or_expired(story, agreement, inquiry, how):
    for path in page_urls(story, inquiry):
        assert ENDED_TEXT not in page_html(story, path)
    end_agreement_by(agreement, how)
    for settled in (False, True):
        if settled:
            update_inquiries(AT)
        for path in page_urls(story, inquiry):
            body = page_html(story, path)
            assert ENDED_TEXT in body, path
            assert how in body, path
            assert agreement.get_absolute_url() in body, path
    inquiry.refresh_from_db()
    assert inquiry.status == "cancelled"
    assert "No one can be asked under an agreement that has ended" in page_html(story, "/cities/burnaby/")


def test_pages_show_no_ended_agreement_while_another_of_the_same_cities_is_in_force(
    story, agreement, inquiry
):
    cities.twinning("burnaby", "zhongshan", "friendship", signed="2015")
    end_agreement_by(agreement, "ended")
    for path in page_urls(story, inquiry):
        assert ENDED_TEXT not in page_html(story, path)


def test_of_several_ended_agreements_the_latest_one_is_reported(story, agreement):
    old = cities.twinning("burnaby", "zhongshan", "friendship", signed="1990", expires="2000")
    end_agreement_by(agreement, "ended")
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    (one,) = expired_pairs([(burnaby.pk, zhongshan.pk), (zhongshan.pk, burnaby.pk)], ON)
    assert (one.last_agreement, one.ended_on) == (agreement, parse_partial_date("2020-04-15"))
    (before,) = expired_partners(zhongshan, date(2001, 1, 1)) or [None]
    assert before is None or before.last_agreement == old


def test_ended_agreement_is_reported_for_either_half_of_a_route_through_a_partner_city(story, agreement):
    cities.twinning("burnaby", "foshan")
    other = cities.twinning("foshan", "zhongshan")
    end_agreement_by(other, "ended")
    foshan = cities.city("foshan")
    pairs = [(cities.city("burnaby").pk, foshan.pk), (foshan.pk, cities.city("zhongshan").pk)]
    assert [one.last_agreement for one in expired_pairs(pairs, ON)] == [other]


def test_future_or_missing_agreement_is_not_reported_as_ended(story):
    cities.twinning("burnaby", "wuhan", signed="2030")
    assert expired_pairs([(cities.city("burnaby").pk, cities.city("wuhan").pk)], ON) == []
    assert expired_pairs([(cities.city("burnaby").pk, cities.city("foshan").pk)], ON) == []
    assert expired_pairs([], ON) == []
