"""Tests of the reminders that a twinning agreement expires: their readers and their words.

No reminder is sent once the agreement has ended, was put aside, or has another date.
"""

from datetime import UTC, datetime

import pytest

from accounts.actors import CONSOLE
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
def keepers():
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    return {
        "ours": cities.member(Role.ADMINISTRATOR, burnaby),
        "theirs": cities.member(Role.ADMINISTRATOR, zhongshan),
        "network": cities.member(Role.COORDINATOR),
    }


@pytest.fixture
def tie(keepers):
    for role in (Role.OFFICER, Role.OBSERVER):
        cities.member(role, cities.city("burnaby"))
    cities.member(Role.ADMINISTRATOR, cities.city("markham"))
    cities.member(Role.COORDINATOR, cities.city("ontario"))
    made = cities.twinning("burnaby", "zhongshan", expires="2021")
    Entry.objects.update(announced_at=NOW)
    return made


def remind(at):
    run_reminders(at)
    plan_messages(at)
    return Message.objects.filter(template="agreement_ends")


def test_administrators_of_both_cities_and_coordinators_get_one_agreement_expiry_reminder(tie, keepers):
    for at in (SUMMER, SUMMER, AUTUMN):
        remind(at)
    told = Message.objects.filter(template="agreement_ends").values_list("recipient", flat=True)
    assert sorted(told) == sorted(2 * [person.pk for person in keepers.values()])
    body = Message.objects.filter(recipient=keepers["ours"]).first().body
    for words in ("Burnaby", "Zhongshan", "sister cities", "2021", tie.get_absolute_url()):
        assert words in body


def test_expiry_known_only_by_month_is_written_as_a_month_in_the_readers_language(tie, keepers):
    correct_agreement(
        tie, AgreementEdit(expires=parse_partial_date("2021-12")), by=CONSOLE, at=NOW, reason="own page"
    )
    keepers["theirs"].language = "zh-hans"
    keepers["theirs"].save()
    assert "2021年12月" in remind(SUMMER).get(recipient=keepers["theirs"]).body
    assert "December 2021" in remind(SUMMER).get(recipient=keepers["ours"]).body


@pytest.mark.parametrize("how", ["end", "suspend", "renew", "correct"])
def test_planned_expiry_reminder_is_cancelled_when_the_agreement_ends_or_is_renewed(tie, how):
    waiting = remind(SUMMER)
    assert {message.state for message in waiting} == {"planned"}
    who = {"by": CONSOLE, "at": SUMMER, "reason": "vote"}
    {
        "end": lambda: end_agreement(tie, why="terminated", **who),
        "suspend": lambda: suspend_agreement(tie, **who),
        "renew": lambda: renew_agreement(tie, expires=parse_partial_date("2030"), **who),
        "correct": lambda: correct_agreement(tie, AgreementEdit(expires=parse_partial_date("2022")), **who),
    }[how]()
    assert {message.state for message in remind(SUMMER)} == {"cancelled"}


def test_expiry_reminder_is_not_sent_for_a_suspended_agreement(tie):
    message = remind(SUMMER).first()
    assert is_relevant(message)
    type(tie).objects.filter(pk=tie.pk).update(status="suspended")
    assert not is_relevant(message)


def rows(person, at=SUMMER):
    return [row for row in todo_items(powers_for(person), at) if row.url.startswith("/agreements/")]


def test_today_asks_administrators_to_renew_or_end_an_expiring_agreement(tie, keepers):
    assert rows(keepers["ours"]) == []
    remind(SUMMER)
    for person in keepers.values():
        (row,) = rows(person)
        assert "Burnaby – Zhongshan" in row.what
        assert row.due.date().isoformat() == "2021-12-31"
    assert rows(cities.member(Role.OFFICER, cities.city("burnaby"))) == []
    assert rows(cities.member(Role.ADMINISTRATOR, cities.city("markham"))) == []
    groups = items_by_day(rows(keepers["ours"]), SUMMER)
    assert [str(name) for name, _rows in groups] == ["Later"]
    late = items_by_day(rows(keepers["ours"]), datetime(2022, 1, 2, tzinfo=UTC))
    assert [str(name) for name, _rows in late] == ["Overdue"], "it ran out, and no one said what follows"
    renew_agreement(tie, by=CONSOLE, at=SUMMER, reason="vote", expires=parse_partial_date("2031"))
    assert rows(keepers["ours"]) == []


def test_disputed_agreement_fact_is_on_today_of_people_who_can_settle_it(tie, keepers):
    claim = add_claim(tie, "kind", "friendship", source="A list", by=CONSOLE, at=NOW)

    def found(person):
        every = todo_items(powers_for(person), NOW)
        return [row for row in every if row.url == claim.dispute.get_absolute_url()]

    for person in keepers.values():
        (row,) = found(person)
        assert "Burnaby – Zhongshan, type" in row.what
        assert row.due > NOW
    assert found(cities.member(Role.ADMINISTRATOR, cities.city("markham"))) == []
    settle_dispute(
        claim.dispute, claim=claim, settled_by=keepers["ours"], by=CONSOLE, at=NOW, reason="its council"
    )
    assert found(keepers["ours"]) == []
