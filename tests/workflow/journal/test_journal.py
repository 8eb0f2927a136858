"""Journal entries and their readers, reference numbers of objects, and the processing of due rows."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from tests.workflow.conftest import AT, ActorStub
from workflow.base_models import Counter
from workflow.comments_and_files.models import Comment
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.http.models import IdempotencyKey
from workflow.installation_models import Instance
from workflow.journal import entries
from workflow.journal.entries import HIDDEN_VALUE_MASK, changed_fields, history_of
from workflow.journal.models import Entry, Seal, UnsealedEntry
from workflow.numbering import assign_number, assign_numbers, take_numbers
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


def test_changed_secret_is_journalled_without_its_value(user):
    before = entries.snapshot(user)
    user.password = "a secret"
    entry = entries.record(user, "x", by=CONSOLE_ACTOR, at=AT, before=before, after=entries.snapshot(user))
    assert (entry.before, entry.after) == ({"password": HIDDEN_VALUE_MASK}, {"password": HIDDEN_VALUE_MASK})


def test_id_of_a_new_object_is_not_journalled(user):
    assert "id" not in history_of(user).get(verb="add").after


def test_only_changed_fields_are_saved(user):
    before = entries.snapshot(user)
    user.name = "Another"
    assert changed_fields(before, user) == ["name"]


def test_history_of_an_object_is_newest_first(user, add_user):
    entries.record(user, "later", by=CONSOLE_ACTOR, at=AT)
    entries.record(add_user(), "other", by=CONSOLE_ACTOR, at=AT)
    assert [entry.verb for entry in history_of(user)] == ["later", "add"]


def test_entries_are_visible_to_their_city_everyone_for_the_register_and_their_author(user, add_user):
    @dataclass
    class Thing:
        pk: int
        label: str
        city_id: int | None

        @property
        def _meta(self):
            return type("Meta", (), {"label_lower": self.label})

    me, other = ActorStub(user.pk), ActorStub(add_user().pk)
    for number, (label, city, by) in enumerate(
        [
            ("x.need", 7, other),
            ("x.need", 8, other),
            ("partners.twinningagreement", None, other),
            ("x.need", 8, me),
        ]
    ):
        entries.record(Thing(number, label, city), "x", by=by, at=AT)
    seen = Entry.objects.filter(verb="x").visible_to(ActorStub(user.pk, visible_cities=frozenset({7})))
    assert {entry.thing_id for entry in seen} == {0, 2, 3}


def test_comments_and_messages_are_visible_to_their_city_and_their_owner(user, add_user, plan):
    colleague, stranger = ActorStub(add_user().pk, visible_cities=frozenset({7})), ActorStub(add_user().pk)
    message = plan(recipient=user, city_id=7)
    for who, found in ((ActorStub(user.pk), [message]), (colleague, [message]), (stranger, [])):
        assert list(Message.objects.visible_to(who)) == found
    facts = {"thing_label": "x.need", "thing_id": 1, "text": "Hello", "language": "en", "at": AT}
    comment = Comment.objects.create(by=user, city_id=7, **facts)
    for who, found in ((ActorStub(user.pk), [comment]), (colleague, [comment]), (stranger, [])):
        assert list(Comment.objects.visible_to(who)) == found


def test_workflow_records_have_readable_text_representation(user, plan):
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
    def test_reference_numbers_run_without_gaps_per_prefix_and_year(self):
        assert [take_numbers("ZZ", 2020) for _ in range(3)] == [1, 2, 3]
        assert take_numbers("ZZ", 2021) == 1
        assert take_numbers("ZY", 2020) == 1

    def test_rolled_back_transaction_returns_its_reference_number(self):
        take_numbers("ZZ", 2020)
        with transaction.atomic():
            assert take_numbers("ZZ", 2020) == 2
            transaction.set_rollback(True)
        assert take_numbers("ZZ", 2020) == 2

    @pytest.mark.parametrize(
        ("prefix", "reference", "given"), [("ZZ", "", "ZZ-2020-0001"), ("", "", ""), ("ZZ", "old", "old")]
    )
    def test_object_gets_a_reference_only_when_its_type_has_a_prefix_and_none_is_set(
        self, prefix, reference, given
    ):
        @dataclass
        class Thing:
            reference_prefix: str
            reference: str

        thing = Thing(prefix, reference)
        assign_number(thing, datetime(2020, 12, 31, 23, tzinfo=UTC))
        assert thing.reference == given

    def test_several_objects_get_references_in_order_by_prefix(self, django_assert_num_queries):
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
    def test_refused_row_does_not_keep_other_due_rows_from_processing(self, add_user, caplog):
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

    def test_due_processing_stops_at_its_limit_and_skips_rows_no_longer_due(self, add_user):
        people_due = [add_user(name="Due") for _ in range(3)]
        rows = type(people_due[0]).objects.filter(name="Due").order_by("pk")
        renamed = []

        def act(person):
            for other in people_due:  # the first act also settles the second row
                if not renamed or other.pk == person.pk:
                    edit_person(other, PersonEdit(name="Done"), by=CONSOLE_ACTOR, at=AT)
            renamed.append(person.pk)

        assert process_due(rows, act, limit=2) == 1
