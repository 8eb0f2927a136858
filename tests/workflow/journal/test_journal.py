"""The content of a journal entry, its hidden values and readers; and the references of objects."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE
from tests.workflow.conftest import AT, Someone
from workflow.attachments.models import Comment
from workflow.base_models import Counter
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.http.models import IdempotencyKey
from workflow.instance_models import Instance
from workflow.journal import entries
from workflow.journal.entries import HIDDEN, changed_fields, history_of
from workflow.journal.models import Entry, Seal, UnsealedEntry
from workflow.numbering import assign_number, assign_numbers, take_numbers
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


def test_a_secret_is_known_to_have_changed_and_not_what_it_is(user):
    before = entries.snapshot(user)
    user.password = "a secret"
    entry = entries.record(user, "x", by=CONSOLE, at=AT, before=before, after=entries.snapshot(user))
    assert (entry.before, entry.after) == ({"password": HIDDEN}, {"password": HIDDEN})


def test_a_new_things_id_is_no_news(user):
    assert "id" not in history_of(user).get(verb="add").after


def test_only_what_changed_is_saved_and_search_columns_follow_their_sources(user):
    before = entries.snapshot(user)
    user.name = "Another"
    assert changed_fields(before, user) == ["name"]


def test_the_history_of_a_thing_is_newest_first(user, add_user):
    entries.record(user, "later", by=CONSOLE, at=AT)
    entries.record(add_user(), "other", by=CONSOLE, at=AT)
    assert [entry.verb for entry in history_of(user)] == ["later", "add"]


def test_entries_are_read_by_their_city_in_the_register_by_all_and_by_who_did_it(user, add_user):
    @dataclass
    class Thing:
        pk: int
        label: str
        city_id: int | None

        @property
        def _meta(self):
            return type("Meta", (), {"label_lower": self.label})

    me, other = Someone(user.pk), Someone(add_user().pk)
    for number, (label, city, by) in enumerate(
        [
            ("x.need", 7, other),
            ("x.need", 8, other),
            ("partners.twinningagreement", None, other),
            ("x.need", 8, me),
        ]
    ):
        entries.record(Thing(number, label, city), "x", by=by, at=AT)
    seen = Entry.objects.filter(verb="x").visible_to(Someone(user.pk, visible_cities=frozenset({7})))
    assert {entry.thing_id for entry in seen} == {0, 2, 3}


def test_comments_and_messages_are_read_by_their_city_and_ones_own(user, add_user, plan):
    colleague, stranger = Someone(add_user().pk, visible_cities=frozenset({7})), Someone(add_user().pk)
    message = plan(recipient=user, city_id=7)
    for who, found in ((Someone(user.pk), [message]), (colleague, [message]), (stranger, [])):
        assert list(Message.objects.visible_to(who)) == found
    facts = {"thing_label": "x.need", "thing_id": 1, "text": "Hello", "language": "en", "at": AT}
    comment = Comment.objects.create(by=user, city_id=7, **facts)
    for who, found in ((Someone(user.pk), [comment]), (colleague, [comment]), (stranger, [])):
        assert list(Comment.objects.visible_to(who)) == found


def test_rows_say_what_they_are(user, plan):
    message = plan(subject="A question")
    entry = history_of(user).get()
    assert [str(row) for row in (message, entry, UnsealedEntry(entry=entry), Seal(digest="abc"))] == [
        "A question",
        "accounts.user add",
        f"entry {entry.pk}",
        "abc",
    ]
    assert str(Instance(kind="practice")) == "Practice"
    assert str(IdempotencyKey(key="k")) == "k"
    assert str(Comment(text="x" * 100)) == "x" * 60
    assert str(Counter(prefix="SR", year=2020, last=7)) == "SR-2020-0007"


class TestNumbers:
    def test_they_run_from_one_without_gaps_for_each_kind_and_year(self):
        assert [take_numbers("ZZ", 2020) for _ in range(3)] == [1, 2, 3]
        assert take_numbers("ZZ", 2021) == 1
        assert take_numbers("ZY", 2020) == 1

    def test_an_undone_transaction_gives_its_number_back(self):
        take_numbers("ZZ", 2020)
        with transaction.atomic():
            assert take_numbers("ZZ", 2020) == 2
            transaction.set_rollback(True)
        assert take_numbers("ZZ", 2020) == 2

    @pytest.mark.parametrize(
        ("prefix", "reference", "given"), [("ZZ", "", "ZZ-2020-0001"), ("", "", ""), ("ZZ", "old", "old")]
    )
    def test_a_thing_gets_one_if_its_kind_has_one_and_it_has_none_yet(self, prefix, reference, given):
        @dataclass
        class Thing:
            reference_prefix: str
            reference: str

        thing = Thing(prefix, reference)
        assign_number(thing, datetime(2020, 12, 31, 23, tzinfo=UTC))
        assert thing.reference == given

    def test_several_get_theirs_in_their_order_each_of_its_own_kind(self, django_assert_num_queries):
        @dataclass
        class Thing:
            reference_prefix: str
            reference: str = ""

        take_numbers("ZZ", 2020)
        take_numbers("ZY", 2020)
        things = [Thing("ZZ"), Thing("ZY"), Thing("ZZ"), Thing("ZZ", "old"), Thing(""), Thing("ZZ")]
        with django_assert_num_queries(4):  # one write and one read of the counter for each kind
            assign_numbers(things, datetime(2020, 12, 31, 23, tzinfo=UTC))
        given = ["ZZ-2020-0002", "ZY-2020-0002", "ZZ-2020-0003", "old", "", "ZZ-2020-0004"]
        assert [thing.reference for thing in things] == given


class TestDue:
    def test_each_row_has_its_turn_and_a_refusal_keeps_no_other_from_it(self, add_user, caplog):
        bad, good = add_user(name="Bad"), add_user(name="Good")
        done = []

        def act(person):
            if person.name == "Bad":
                raise Refused("not_ready", "Not yet.")
            done.append(person)

        rows = type(bad).objects.filter(pk__in=[bad.pk, good.pk]).order_by("pk")
        assert process_due(rows, act) == 1
        assert done == [good]
        assert "Not yet." in caplog.text

    def test_it_stops_at_its_limit_and_skips_what_is_no_longer_due(self, add_user):
        people_due = [add_user(name="Due") for _ in range(3)]
        rows = type(people_due[0]).objects.filter(name="Due").order_by("pk")
        renamed = []

        def act(person):
            for other in people_due:  # the first act also settles the second row
                if not renamed or other.pk == person.pk:
                    edit_person(other, PersonEdit(name="Done"), by=CONSOLE, at=AT)
            renamed.append(person.pk)

        assert process_due(rows, act, limit=2) == 1
