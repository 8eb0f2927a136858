"""Tests of the reminders that a twinning agreement expires: their recipients and sentences.

No reminder is sent once the agreement has ended, was suspended, or has another date.
"""

from datetime import UTC, datetime

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import (
    AgreementEdit,
    correct_agreement,
    end_agreement,
    renew_agreement,
    suspend_agreement,
)
from partners.disputes.actions import add_claim, settle_dispute
from partners.partial_dates import parse_partial_date
from procurement.dashboard.views import items_by_day, todo_items
from procurement.notifications.builder import is_relevant
from procurement.tasks import plan_messages, run_reminders
from tests.worlds import cities
from tests.worlds.cities import NOW, Role, powers_for
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
SUMMER, AUTUMN = (datetime(2021, month, 30, 20, tzinfo=UTC) for month in (6, 11))


@pytest.fixture
def people_to_remind():
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    return {
        "ours": cities.member(Role.ADMINISTRATOR, burnaby),
        "theirs": cities.member(Role.ADMINISTRATOR, zhongshan),
        "network": cities.member(Role.COORDINATOR),
    }


@pytest.fixture
def agreement(people_to_remind):
    for role in (Role.OFFICER, Role.OBSERVER):
        cities.member(role, cities.city("burnaby"))
    cities.member(Role.ADMINISTRATOR, cities.city("markham"))
    cities.member(Role.COORDINATOR, cities.city("ontario"))
    made = cities.twinning("burnaby", "zhongshan", expires="2021")
    Entry.objects.update(announced_at=NOW)
    return made


def due_messages(at):
    run_reminders(at)
    plan_messages(at)
    return Message.objects.filter(template="agreement_ends")


def test_administrators_of_both_cities_and_coordinators_get_one_agreement_expiry_reminder(
    agreement, people_to_remind
):
    for at in (SUMMER, SUMMER, AUTUMN):
        due_messages(at)
    told = Message.objects.filter(template="agreement_ends").values_list("recipient", flat=True)
    assert sorted(told) == sorted(2 * [person.pk for person in people_to_remind.values()])
    body = Message.objects.filter(recipient=people_to_remind["ours"]).first().body
    for words in ("Burnaby", "Zhongshan", "sister cities", "2021", agreement.get_absolute_url()):
        assert words in body


def test_expiry_known_only_by_month_is_written_as_a_month_in_the_readers_language(
    agreement, people_to_remind
):
    correct_agreement(
        agreement,
        AgreementEdit(expires=parse_partial_date("2021-12")),
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="own page",
    )
    people_to_remind["theirs"].language = "zh-hans"
    people_to_remind["theirs"].save()
    assert "2021年12月" in due_messages(SUMMER).get(recipient=people_to_remind["theirs"]).body
    assert "December 2021" in due_messages(SUMMER).get(recipient=people_to_remind["ours"]).body


@pytest.mark.parametrize("how", ["end", "suspend", "renew", "correct"])
def test_planned_expiry_reminder_is_cancelled_when_the_agreement_ends_or_is_renewed(agreement, how):
    waiting = due_messages(SUMMER)
    assert {message.state for message in waiting} == {"planned"}
    who = {"by": CONSOLE_ACTOR, "at": SUMMER, "reason": "vote"}
    {
        "end": lambda: end_agreement(agreement, why="terminated", **who),
        "suspend": lambda: suspend_agreement(agreement, **who),
        "renew": lambda: renew_agreement(agreement, expires=parse_partial_date("2030"), **who),
        "correct": lambda: correct_agreement(
            agreement, AgreementEdit(expires=parse_partial_date("2022")), **who
        ),
    }[how]()
    assert {message.state for message in due_messages(SUMMER)} == {"cancelled"}


def test_expiry_reminder_is_not_sent_for_a_suspended_agreement(agreement):
    message = due_messages(SUMMER).first()
    assert is_relevant(message)
    type(agreement).objects.filter(pk=agreement.pk).update(status="suspended")
    assert not is_relevant(message)


def agreement_rows_on_start_page(person, at=SUMMER):
    return [row for row in todo_items(powers_for(person), at) if row.url.startswith("/agreements/")]


def test_start_page_asks_administrators_and_coordinators_to_renew_or_end_an_expiring_agreement(
    agreement, people_to_remind
):
    for person in people_to_remind.values():
        assert agreement_rows_on_start_page(person) == []
    due_messages(SUMMER)
    for person in people_to_remind.values():
        (row,) = agreement_rows_on_start_page(person)
        assert "Burnaby – Zhongshan" in row.sentence
        assert row.due.date().isoformat() == "2021-12-31"


def test_expiring_agreement_is_not_on_the_start_page_of_officers_and_other_cities(agreement):
    due_messages(SUMMER)
    assert agreement_rows_on_start_page(cities.member(Role.ADMINISTRATOR, cities.city("burnaby")))
    assert agreement_rows_on_start_page(cities.member(Role.OFFICER, cities.city("burnaby"))) == []
    assert agreement_rows_on_start_page(cities.member(Role.ADMINISTRATOR, cities.city("markham"))) == []


def test_expiring_agreement_is_listed_under_later_and_after_its_end_under_overdue(
    agreement, people_to_remind
):
    due_messages(SUMMER)
    for at, heading in ((SUMMER, "Later"), (datetime(2022, 1, 2, tzinfo=UTC), "Overdue")):
        groups = items_by_day(agreement_rows_on_start_page(people_to_remind["ours"], at), at)
        assert [str(name) for name, _rows in groups] == [heading]


def test_renewed_agreement_leaves_the_start_page(agreement, people_to_remind):
    due_messages(SUMMER)
    assert agreement_rows_on_start_page(people_to_remind["ours"])
    renew_agreement(agreement, by=CONSOLE_ACTOR, at=SUMMER, reason="vote", expires=parse_partial_date("2031"))
    assert agreement_rows_on_start_page(people_to_remind["ours"]) == []


def test_disputed_agreement_fact_is_on_today_of_people_who_can_settle_it(agreement, people_to_remind):
    claim = add_claim(agreement, "kind", "friendship", source="A list", by=CONSOLE_ACTOR, at=NOW)

    def found(person):
        every = todo_items(powers_for(person), NOW)
        return [row for row in every if row.url == claim.dispute.get_absolute_url()]

    for person in people_to_remind.values():
        (row,) = found(person)
        assert "Burnaby – Zhongshan, type" in row.sentence
        assert row.due > NOW
    assert found(cities.member(Role.ADMINISTRATOR, cities.city("markham"))) == []
    settle_dispute(
        claim.dispute,
        claim=claim,
        settled_by=people_to_remind["ours"],
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="its council",
    )
    assert found(people_to_remind["ours"]) == []
