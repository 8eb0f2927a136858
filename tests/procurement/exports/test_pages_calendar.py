"""Tests of a person's calendar: its content, which two parsers read alike, and the address that alone gives access."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.test import Client

from accounts.actions.calendar_feeds import create_feed
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR, SelfActor
from procurement.exports.calendar_file import calendar_items, journal_revisions
from procurement.logistics.actions.planning import ShipmentEdit, edit_shipment
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, add_line
from procurement.requests.actions.requests import reconfirm_request
from procurement.tracking.actions.schedule import estimate_step, schedule_steps
from procurement.verification.models import VerificationTask
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.leak_markers import WORD
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.clock import clear_instance_cache, real_now

pytestmark = pytest.mark.django_db
VANCOUVER = ZoneInfo("America/Vancouver")


@pytest.fixture
def story(db) -> PlayedCity:
    city = PlayedCity()
    city.practise()
    yield city
    clear_instance_cache()


@pytest.fixture
def things(story):
    return story.play(whole=True)


def calendar_url(user) -> str:
    made = create_feed(user, by=SelfActor(user), at=AT, real_at=real_now())
    return "/" + made.url.split("/", 3)[3]


def fetch_calendar(user, path: str = "", **headers):
    return Client().get(path or calendar_url(user), headers=headers)


def events_by_parser(content: bytes):
    """Return the events by UID, as each of two parsers reads them."""
    one = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(content).events}
    other = {event.uid.value: event for event in vobject.readOne(content.decode()).vevent_list}
    assert set(one) == set(other)
    return one, other


def uid(key: str) -> str:
    return f"{key}@localhost"


BESIDE = [("America/Vancouver", "fr-ca"), ("Asia/Shanghai", "zh-hans"), ("America/St_Johns", "en")]
REST = [
    pytest.param(zone, language, marks=pytest.mark.every_way)
    for zone in ("America/Vancouver", "Asia/Shanghai", "America/St_Johns", "UTC")
    for language in ("en", "fr-ca", "zh-hans")
    if (zone, language) not in BESIDE
]
ZONES = [*BESIDE, *REST]


class TestTwoParsers:
    @pytest.mark.parametrize(("zone", "language"), ZONES)
    def test_calendar_is_read_equally_by_two_parsers_in_each_language_and_time_zone(
        self, story, things, language, zone
    ):
        user = story.officer.user
        edit_person(user, PersonEdit(language=language, time_zone=zone), by=CONSOLE_ACTOR, at=AT)
        content = fetch_calendar(user).content
        assert max(len(line) for line in content.split(b"\r\n")) <= 75, "long lines are folded"
        assert content.count(b"\n") == content.count(b"\r\n")
        one, other = events_by_parser(content)
        assert len(one) > 4
        for key, event in one.items():
            assert event.start == other[key].dtstart.value, key
            assert str(event["SUMMARY"]) == other[key].summary.value
            if isinstance(event.start, datetime):
                assert event.start.utcoffset() == event.start.astimezone(ZoneInfo(zone)).utcoffset()
            assert event["DTSTAMP"].dt.tzinfo is not None
        assert icalendar.Calendar.from_ical(content).errors == []

    def test_calendar_without_due_items_is_still_valid(self, db):
        nobody = cities.user("Somebody new")
        one, _other = events_by_parser(fetch_calendar(nobody).content)
        assert [str(event["SUMMARY"]) for event in one.values()] == [
            "This calendar’s link expires today: generate a new one"
        ]


class TestContent:
    def test_calendar_contains_checks_inquiries_needs_and_arrivals(self, story, things):
        edit_person(story.officer.user, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
        one, _other = events_by_parser(fetch_calendar(story.officer.user).content)
        task = VerificationTask.objects.waiting().order_by("pk")[0]
        check = one[uid(f"check-{task.reference}")]
        assert check.start == task.due_at
        assert check.start.tzinfo.key == "America/Vancouver"
        asked = Inquiry.objects.awaiting_reply().order_by("pk")[0]
        assert one[uid(f"question-{asked.reference}")].start == asked.due_at
        need = things["need"]
        day = one[uid(f"need-{need.reference}-needed")]
        assert (day.start, day.end) == (need.needed_by, need.needed_by + timedelta(days=1))
        assert need.reference in str(day["SUMMARY"])
        assert str(day["URL"]).endswith(need.get_absolute_url())

    def test_arrival_in_the_calendar_changes_from_planned_to_estimated(self, story):
        soon = AT + timedelta(days=3)
        shipment = story.plan()
        schedule_steps(shipment, {"arrived": soon}, by=story.logistics.by, at=AT)
        key = uid(f"shipment-{shipment.reference}-arrived")
        path = calendar_url(story.officer.user)
        planned = events_by_parser(fetch_calendar(None, path).content)[0][key]
        assert (planned.start, str(planned["STATUS"])) == (soon, "TENTATIVE")
        assert "(planned)" in str(planned["SUMMARY"])
        estimate_step(shipment, "arrived", soon + timedelta(days=1), by=story.logistics.by, at=AT)
        estimated = events_by_parser(fetch_calendar(None, path).content)[0][key]
        assert estimated.start == soon + timedelta(days=1)
        assert "(estimated)" in str(estimated["SUMMARY"])
        assert int(estimated["SEQUENCE"]) > int(planned["SEQUENCE"]), "a calendar takes it for the newer one"
        assert estimated["UID"] == planned["UID"]

    def test_actual_arrival_is_confirmed_in_the_calendar(self, story):
        shipment = story.delivered()
        one, _other = events_by_parser(fetch_calendar(story.officer.user).content)
        arrived = one[uid(f"shipment-{shipment.reference}-arrived")]
        assert str(arrived["STATUS"]) == "CONFIRMED"
        assert "(" not in str(arrived["SUMMARY"])

    def test_shipment_known_by_day_only_is_an_all_day_event(self, story):
        shipment = story.plan()
        edit_shipment(shipment, ShipmentEdit(expected_on=date(2020, 5, 4)), by=story.logistics.by, at=AT)
        one, _other = events_by_parser(fetch_calendar(story.officer.user).content)
        assert one[uid(f"shipment-{shipment.reference}-expected")].start == date(2020, 5, 4)

    def test_calendar_contains_line_dates_and_reconfirmation_dates(self, story):
        need = story.line().supply_request
        product = need.lines.get().product
        facts = LineFacts(product=product, quantity=10, needed_by=date(2020, 5, 1))
        add_line(need, facts, by=story.officer.by, at=AT)
        reconfirm_request(need, until=date(2020, 4, 30), by=story.officer.by, at=AT)
        one, _other = events_by_parser(fetch_calendar(story.officer.user).content)
        assert one[uid(f"need-{need.reference}-reconfirm")].start == date(2020, 4, 30)
        assert one[uid(f"need-{need.reference}-line-2")].start == date(2020, 5, 1)
        assert uid(f"need-{need.reference}-line-1") not in one, "its day is the need's"

    def test_cancelled_inquiry_is_no_longer_in_the_calendar(self, story, things):
        path = calendar_url(story.officer.user)
        asked = Inquiry.objects.awaiting_reply().order_by("pk")[0]
        cancel_inquiry(asked, by=story.officer.by, at=AT)
        assert (
            uid(f"question-{asked.reference}") not in events_by_parser(fetch_calendar(None, path).content)[0]
        )

    def test_calendar_names_no_person_and_no_company(self, story, things):
        text = fetch_calendar(story.officer.user).content.decode().replace("\r\n ", "")
        for name in (story.contact, story.supplier.name, story.officer.user, story.supplier.legal_name_local):
            assert str(name) not in text
        assert WORD.findall(text) == []

    def test_calendar_of_another_citys_officer_contains_none_of_the_objects(self, story, things):
        stranger = cities.member("officer", cities.city("oakville"))
        text = fetch_calendar(stranger).content.decode()
        assert re.findall(r"(?:VT|IQ|SR|SH)-2020", text) == []

    def test_contact_calendar_contains_their_own_inquiries_only(self, story, things):
        text = fetch_calendar(story.contact.user).content.decode()
        assert "IQ-" in text
        assert "SR-" not in text, "the need is its city's to remember"

    def test_calendar_query_count_does_not_grow(self, story, things, django_assert_max_num_queries):
        by = powers_for(story.officer.user)
        with django_assert_max_num_queries(12):
            found = list(calendar_items(by, AT))
            journal_revisions(day.source_object for day in found)
        for _turn in range(5):
            story.line()
        with django_assert_max_num_queries(12):
            assert len(list(calendar_items(by, AT))) > len(found)


class TestAddress:
    def test_unchanged_calendar_gets_304(self, story, things):
        path = calendar_url(story.officer.user)
        first = fetch_calendar(None, path)
        assert first["Content-Type"] == "text/calendar; charset=utf-8"
        assert first["Cache-Control"] == "private, no-cache"
        assert (first["Referrer-Policy"], first["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
        again = fetch_calendar(None, path, **{"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        story.line()
        assert fetch_calendar(None, path, **{"if-none-match": first["ETag"]}).status_code == 200

    def test_calendar_accepts_only_get_and_head(self, story):
        path = calendar_url(story.officer.user)
        assert Client().head(path).status_code == 200
        for method in ("post", "put", "delete"):
            assert getattr(Client(), method)(path).status_code == 405

    def test_calendar_link_signs_no_one_in(self, story):
        client = Client()
        client.get(calendar_url(story.officer.user))
        assert client.get("/").status_code == 302
        assert client.cookies.get("link") is None

    def test_expired_calendar_link_says_so_in_the_owners_language(self, story):
        user = story.officer.user
        edit_person(user, PersonEdit(language="fr-ca"), by=CONSOLE_ACTOR, at=AT)
        path = calendar_url(user)
        calendar_url(user)  # a new address ends the old one
        answer = fetch_calendar(None, path)
        assert answer.status_code == 410
        assert "/account/calendar/" in answer.content.decode()
        assert "has ended" not in answer.content.decode()
        assert "no-store" not in answer["Cache-Control"]

    def test_unknown_calendar_link_gets_404(self, db):
        assert fetch_calendar(None, f"/calendar/{'x' * 43}.ics").status_code == 404

    def test_calendar_link_is_rate_limited(self, story):
        path = calendar_url(story.officer.user)
        assert [fetch_calendar(None, path).status_code for _turn in range(31)][-1] == 429

    def test_last_reading_of_a_calendar_is_recorded(self, story):
        fetch_calendar(story.officer.user)
        assert story.officer.user.calendar_feeds.get().last_read_at > datetime(2020, 1, 1, tzinfo=UTC)
