"""Tests of the last contact between two cities and the median response time, on a date, for each reader."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partners.partial_dates import PartialDate
from procurement.network.last_contact import InquirySummary, format_wait, last_contact
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.replies import decline_inquiry
from tests.worlds import cities
from tests.worlds.cities import Role, own_link
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan", signed="2011")
    cities.twinning("burnaby", "wuhan", signed="")
    yield Story("burnaby")
    clear_instance_cache()


def answered_inquiry(story, hours=None, at=AT):
    made = draft_inquiry(
        story.line(10_000).supply_request, story.contact, subject="能否协助？", body="您好！",
        author=story.officer.user, by=story.officer.by, at=at,
    )  # fmt: skip
    send_inquiry(made, by=story.officer.by, at=at)
    if hours is not None:
        decline_inquiry(made, by=own_link(story.contact), at=at + timedelta(hours=hours))
    return made


def rows_and_page(user, query="?of=all"):
    client = Client()
    client.force_login(user)
    response = client.get(f"/network/{query}")
    assert response.status_code == 200
    return {row.partner_city.slug: row for row in response.context["page"]}, response.content.decode()


def test_last_inquiry_and_median_response_are_shown_to_people_who_may_see_them(story):
    for hours in (10, 30, 20):
        answered_inquiry(story, hours)
    found, body = rows_and_page(story.officer.user, "?on=2020-04-20")
    assert (found["zhongshan"].last_contact.kind, found["zhongshan"].reply_time) == ("an inquiry", "20 hours")
    assert found["zhongshan"].last_contact.contact_date.first_day == (AT + timedelta(hours=30)).date()
    assert (found["wuhan"].last_contact, found["wuhan"].reply_time) == (None, "")
    assert "Usual reply time" in body
    stranger, _body = rows_and_page(
        cities.member(Role.OFFICER, cities.city("markham")), "?of=all&on=2020-04-20"
    )
    assert (stranger["zhongshan"].last_contact, stranger["zhongshan"].reply_time) == (None, "")


def test_exchange_counts_as_contact_for_every_reader_unless_cancelled(story):
    cities.exchange("zhongshan", "burnaby", "2020-03", kind="ppe_donation")
    cities.exchange("zhongshan", "burnaby", "2020-04-02", kind="visit_cancelled")
    stranger = cities.member(Role.OFFICER, cities.city("markham"))
    found, _body = rows_and_page(stranger)
    assert found["zhongshan"].last_contact.contact_date.iso_text == "2020-03"
    assert rows_and_page(stranger, "?of=all&on=2020-02-29")[0]["zhongshan"].last_contact is None


def test_network_on_an_earlier_date_omits_later_inquiries_and_replies(story):
    answered_inquiry(story, 72)
    found, _body = rows_and_page(story.officer.user, f"?on={AT.date()}")
    assert (found["zhongshan"].last_contact.contact_date.first_day, found["zhongshan"].reply_time) == (
        AT.date(),
        "",
    )
    assert rows_and_page(story.officer.user, "?on=2020-04-01")[0]["zhongshan"].last_contact is None


def test_last_contact_is_the_same_when_computed_in_chunks(story, monkeypatch):
    answered_inquiry(story, 20)
    few, _body = rows_and_page(story.officer.user, "?on=2020-04-20")
    monkeypatch.setattr("procurement.network.last_contact.MAX_PAIRS_IN_QUERY", 0)
    many, _body = rows_and_page(story.officer.user, "?on=2020-04-20")
    assert {slug: (row.last_contact, row.reply_time) for slug, row in few.items()} == {
        slug: (row.last_contact, row.reply_time) for slug, row in many.items()
    }


def test_agreements_with_an_unknown_signing_date_are_grouped_on_a_phone(story):
    _found, body = rows_and_page(story.officer.user)
    phone = body.rpartition("only-phone")[2]
    assert phone.index("Zhongshan") < phone.index("Date of signature unknown") < phone.index("Wuhan")


def test_network_csv_contains_last_contact_and_the_query_count_does_not_grow(story):
    answered_inquiry(story, 20)
    client = Client()
    client.force_login(story.officer.user)
    answer = client.get("/network/?as=csv&on=2020-04-20")
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert table[0][-2:] == ["Last contact", "Response time (hours)"]
    assert {row[2]: row[-1] for row in table[1:]} == {"Zhongshan": "20", "Wuhan": ""}

    def taken():
        with CaptureQueriesContext(connection) as queries:
            client.get("/network/")
        return len(queries)

    taken()
    few = taken()
    for _ in range(5):
        answered_inquiry(story, 20)
    assert taken() == few


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (None, ""),
        (timedelta(minutes=5), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=49), "2 days"),
    ],
)
def test_waiting_time_is_shown_in_hours_or_days(wait, said):
    with translation.override("en"):
        assert format_wait(wait) == said


DAYS = st.dates(date(2019, 1, 1), date(2021, 1, 1))


@given(
    st.builds(PartialDate, DAYS, st.sampled_from(["day", "month", "year"])) | st.just(PartialDate()),
    st.none() | DAYS,
)
def test_last_contact_is_the_later_of_inquiry_and_exchange(passed, question):
    of = (
        InquirySummary(datetime(question.year, question.month, question.day, tzinfo=UTC), None, 0)
        if question
        else None
    )
    touch = last_contact(passed, of)
    days = [day for day in (passed.first_day, question) if day]
    assert (touch.contact_date.first_day if touch else None) == max(days, default=None)
