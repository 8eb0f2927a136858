"""The hash chain over the journal, and the triggers that keep the journal append-only."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.actors import CONSOLE_ACTOR
from tests.workflow.conftest import AT
from workflow.journal import hash_chain
from workflow.journal.entries import record
from workflow.journal.hash_chain import (
    VerificationResult,
    chain_head,
    chained_digest,
    entry_digest,
    seal_entries,
    verify_chain,
)
from workflow.journal.models import Entry, Seal, UnsealedEntry


@pytest.fixture
def entries(user):
    """Return five entries about one person; the first records that the person was added."""
    for number in range(4):
        record(
            user, f"step{number}", by=CONSOLE_ACTOR, at=AT + timedelta(microseconds=number), reason="because"
        )
    return list(Entry.objects.order_by("pk"))


def as_superuser(statement, *values):
    """Run a statement past every trigger and constraint, as a superuser of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "change", [{"reason": "another"}, {"verb": "x"}, {"announced_at": None, "verb": "y"}]
    )
    def test_journal_entry_cannot_be_changed(self, entries, change):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Entry.objects.filter(pk=entries[0].pk).update(**change)

    def test_journal_entry_can_be_marked_as_announced_once(self, entries):
        mine = Entry.objects.filter(pk=entries[0].pk)
        assert mine.update(announced_at=AT) == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(announced_at=AT + timedelta(days=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(announced_at=None)

    def test_announcing_an_entry_may_change_no_other_field(self, entries):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(pk=entries[0].pk).update(announced_at=AT, reason="also")

    def test_journal_entry_cannot_be_deleted(self, entries):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM workflow_entry WHERE id = %s", [entries[0].pk])

    def test_journal_seal_cannot_be_changed_or_deleted(self, entries):
        seal_entries()
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.update(digest="0" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.all().delete()


@pytest.mark.django_db
class TestSealing:
    def test_empty_journal_is_valid(self):
        assert seal_entries() == 0
        assert verify_chain() == VerificationResult(head_digest="", seal_count=0, entry_count=0)

    def test_every_journal_entry_is_sealed_once(self, entries):
        assert UnsealedEntry.objects.count() == 5
        assert seal_entries() == 5
        assert seal_entries() == 0
        assert not UnsealedEntry.objects.exists()
        assert verify_chain() == VerificationResult(head_digest=chain_head(), seal_count=1, entry_count=5)

    def test_each_seal_follows_the_previous_one(self, entries):
        assert [seal_entries(most=2), seal_entries(most=2), seal_entries(most=2)] == [2, 2, 1]
        first, second, third = Seal.objects.order_by("pk")
        assert [first.previous, second.previous, third.previous] == ["", first.digest, second.digest]
        assert verify_chain(noted_head=first.digest).problem == ""

    def test_announcing_an_entry_keeps_its_seal_valid(self, entries):
        seal_entries()
        Entry.objects.update(announced_at=AT)
        assert verify_chain().problem == ""

    def test_two_seals_cannot_follow_the_same_seal(self, entries):
        seal_entries(most=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.create(
                previous="", digest="0" * 64, entry_ids=[1], entry_digests=["0" * 64], sealed_at=AT
            )


@pytest.mark.django_db
class TestTampering:
    """Changes made by a superuser, past every trigger."""

    def verdict(self, noted_head=""):
        verdict = verify_chain(noted_head)
        assert verdict.problem
        return verdict

    def test_changed_journal_entry_is_named_by_verification(self, entries):
        seal_entries(most=2), seal_entries()
        as_superuser("UPDATE workflow_entry SET reason = 'x' WHERE id = %s", entries[3].pk)
        assert self.verdict().entry_id == entries[3].pk

    def test_timestamp_changed_by_a_microsecond_is_detected(self, entries):
        seal_entries()
        as_superuser("UPDATE workflow_entry SET at = at + interval '1 us' WHERE id = %s", entries[1].pk)
        assert self.verdict().entry_id == entries[1].pk

    def test_deleted_journal_entry_is_named_by_verification(self, entries):
        seal_entries()
        as_superuser("DELETE FROM workflow_entry WHERE id = %s", entries[2].pk)
        assert self.verdict().entry_id == entries[2].pk

    def test_inserted_journal_entry_is_named_by_verification(self, entries):
        seal_entries()
        columns = ", ".join(f.column for f in Entry._meta.concrete_fields if f.column != "id")
        as_superuser(
            f"INSERT INTO workflow_entry (id, {columns}) SELECT 0, {columns} FROM workflow_entry LIMIT 1"
        )
        assert self.verdict().entry_id == 0

    def test_entry_changed_together_with_its_digest_breaks_the_seal(self, entries):
        seal_entries()
        as_superuser("UPDATE workflow_entry SET reason = 'x' WHERE id = %s", entries[0].pk)
        digest = entry_digest(Entry.objects.get(pk=entries[0].pk))
        as_superuser("UPDATE workflow_seal SET entry_digests[1] = %s", digest)
        assert "does not follow" in self.verdict().problem

    def test_removed_middle_seal_is_detected(self, entries):
        for _ in range(3):
            seal_entries(most=2)
        first, second, _third = Seal.objects.order_by("pk")
        as_superuser("DELETE FROM workflow_seal WHERE id = %s", second.pk)
        assert "does not follow" in self.verdict().problem
        as_superuser("DELETE FROM workflow_seal WHERE id = %s", first.pk)
        self.verdict()

    def test_removed_last_seal_is_detected_with_the_noted_head(self, entries):
        seal_entries(most=2), seal_entries()
        noted = chain_head()
        last = Seal.objects.latest("pk")
        as_superuser("DELETE FROM workflow_entry WHERE id = ANY(%s)", last.entry_ids)
        as_superuser("DELETE FROM workflow_seal WHERE id = %s", last.pk)
        assert verify_chain().problem == "", "no one can see this without a head"
        assert "noted head" in self.verdict(noted).problem

    def test_rewritten_chain_is_detected_with_the_noted_head(self, entries):
        seal_entries()
        noted = chain_head()
        as_superuser("UPDATE workflow_entry SET reason = 'x' WHERE id = %s", entries[0].pk)
        link = Seal.objects.get()
        link.entry_digests[0] = entry_digest(Entry.objects.get(pk=entries[0].pk))
        as_superuser(
            "UPDATE workflow_seal SET entry_digests = %s, digest = %s",
            link.entry_digests,
            chained_digest(link),
        )
        assert verify_chain().problem == ""
        assert "noted head" in self.verdict(noted).problem

    def test_entry_under_two_seals_is_detected(self, entries):
        seal_entries(most=2)
        UnsealedEntry.objects.create(entry=entries[0])
        seal_entries()
        assert "two seals" in self.verdict().problem

    def test_seal_with_missing_parts_is_detected(self, entries):
        seal_entries()
        as_superuser("UPDATE workflow_seal SET entry_ids = '{}', entry_digests = '{}'")
        assert "not whole" in self.verdict().problem


@pytest.mark.django_db
class TestCommand:
    def test_verify_journal_command_prints_the_head_of_a_valid_chain(self, entries):
        seal_entries()
        output = StringIO()
        call_command("verify_journal", stdout=output)
        assert chain_head() in output.getvalue()
        call_command("verify_journal", head=chain_head(), stdout=output)

    def test_verify_journal_command_fails_naming_the_mismatch(self, entries):
        seal_entries()
        with pytest.raises(CommandError, match="noted head"):
            call_command("verify_journal", head="0" * 64)


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_entry_committed_late_is_sealed_later(self, user):
        written, sealed = threading.Event(), threading.Event()

        def late():
            try:
                with transaction.atomic():
                    record(user, "late", by=CONSOLE_ACTOR, at=AT)
                    written.set()
                    assert sealed.wait(10)
            finally:
                connection.close()

        writer = threading.Thread(target=late)
        writer.start()
        assert written.wait(10)
        record(user, "early", by=CONSOLE_ACTOR, at=AT)
        assert seal_entries() == 2, "the person's own entry, and the early one, whose number is higher"
        sealed.set()
        writer.join()
        assert seal_entries() == 1
        first, second = Seal.objects.order_by("pk")
        assert second.entry_ids[0] < first.entry_ids[-1]
        assert verify_chain().problem == ""

    def test_second_concurrent_sealer_does_nothing(self, user):
        holding, done = threading.Event(), threading.Event()

        def hold():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [hash_chain.SEAL_LOCK])
                    holding.set()
                    assert done.wait(10)
            finally:
                connection.close()

        other = threading.Thread(target=hold)
        other.start()
        assert holding.wait(10)
        assert seal_entries() == 0
        done.set()
        other.join()
        assert seal_entries() == 1
