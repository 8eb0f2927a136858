"""Status changes: rights, source status and readiness; each is saved with its journal entry, or nothing happens."""

import threading
import time

import pytest
from django.db import connection

from tests.workflow import files
from tests.workflow.conftest import AT, ActorStub
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry, UnsealedEntry
from workflow.moves import Move, Moves, first_refusal, moves_of, not_ready_refusal, one_of, select_locked
from workflow.uploads import rules
from workflow.uploads.actions import accept_upload
from workflow.uploads.models import File

RENAME = Move[File](
    verb="rename",
    label="Rename",
    past_tense="renamed",
    source=one_of(File.Status.RECEIVED, File.Status.CLEAN),
    target=None,
    allowed=lambda by, file: by.may("rename", file),
    ready=lambda file: not_ready_refusal("It has no kind.", field="kind") if not file.kind else None,
)
KEEP = Move[File](
    verb="keep",
    label="Keep",
    past_tense="kept",
    target=File.Status.RECEIVED,
    allowed=lambda by, file: True,
    ready=lambda file: None if file.name else not_ready_refusal("It has no name."),
)
CLOSE = Move[File](
    verb="close",
    label="Close",
    past_tense="closed",
    source=one_of(File.Status.RECEIVED),
    target=File.Status.REJECTED,
    allowed=lambda by, file: Refused("not_allowed", "Only on Mondays.", show=True),
    allowed_for_system=True,
    requires_reason=True,
)


@pytest.fixture
def someone(user):
    return ActorStub(user.pk, powers=frozenset({"rename"}))


@pytest.fixture
def file(user, someone, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return accept_upload(user, files.upload(files.picture()), by=someone, at=AT, kind="photo")


def unsaved_file(user, name):
    """Return a file that is not yet saved."""
    return File(
        thing_label="x.y",
        thing_id=1,
        name=name,
        size=1,
        uploaded_sha256="0" * 64,
        key=f"key of {name}",
        by=user,
    )


@pytest.mark.django_db
class TestStatusChange:
    def test_status_change_changes_the_row_and_writes_one_journal_entry(self, file, someone):
        before = Entry.objects.count()
        with RENAME.apply_to(file, by=someone, at=AT, reason="a typo", seen="twice") as row:
            row.name = "better.jpg"
        assert file.name == "better.jpg", "the caller's own object shows it"
        assert Entry.objects.count() == before + 1
        entry = history_of(file).first()
        assert (entry.verb, entry.reason, entry.by_id, entry.by_label) == (
            "rename",
            "a typo",
            someone.user_id,
            "Someone",
        )
        assert (entry.before, entry.after) == ({"name": "photo.jpg"}, {"name": "better.jpg"})
        assert entry.facts == {"seen": "twice"}

    def test_status_change_without_changes_is_still_journalled(self, file, someone):
        with RENAME.apply_to(file, by=someone, at=AT):
            pass
        assert (history_of(file).first().before, history_of(file).first().after) == ({}, {})

    def test_exception_in_a_status_change_rolls_back_row_and_entry(self, file, someone):
        before = Entry.objects.count()

        def fail():
            with RENAME.apply_to(file, by=someone, at=AT) as row:
                row.name = "other.jpg"
                raise LookupError

        with pytest.raises(LookupError):
            fail()
        file.refresh_from_db()
        assert file.name == "photo.jpg"
        assert Entry.objects.count() == before

    def test_row_is_read_again_under_the_lock(self, file, someone):
        stale = File.objects.get(pk=file.pk)
        with rules.CHECK.apply_to(file, by=SYSTEM, at=AT):
            pass
        with pytest.raises(Refused) as refused, RENAME.apply_to(stale, by=someone, at=AT):
            pass
        assert refused.value.code == "wrong_status"
        assert "Being checked" in str(refused.value)

    def test_status_change_with_a_reason_is_refused_without_one_except_for_the_clock(self, file):
        with pytest.raises(Refused) as refused, CLOSE.apply_to(file, by=Allowed(1), at=AT, reason="  "):
            pass
        assert refused.value.code == "not_allowed"
        asked = Move[File](
            verb="x",
            label="X",
            past_tense="x",
            source=one_of(File.Status.RECEIVED),
            allowed=lambda by, file: True,
            requires_reason=True,
        )
        with pytest.raises(Refused) as refused, asked.apply_to(file, by=Allowed(1), at=AT, reason="  "):
            pass
        assert (refused.value.code, refused.value.details) == ("reason_missing", {"field": "reason"})
        with CLOSE.apply_to(file, by=SYSTEM, at=AT):
            pass
        assert file.status == File.Status.REJECTED
        assert history_of(file).first().via == "clock"

    def test_create_many_stores_objects_in_order_with_one_entry_each(
        self, user, someone, django_assert_num_queries
    ):
        with django_assert_num_queries(4):  # rows, entries, and a savepoint around both
            KEEP.create_many(
                [unsaved_file(user, name) for name in ("a.pdf", "b.pdf", "c.pdf")], by=someone, at=AT
            )
        kept = list(File.objects.order_by("pk"))
        assert [(one.name, one.status, one.created_at) for one in kept] == [
            (name, "received", AT) for name in ("a.pdf", "b.pdf", "c.pdf")
        ]
        entries = list(Entry.objects.filter(verb="keep").order_by("pk"))
        assert [entry.thing_id for entry in entries] == [one.pk for one in kept]
        KEEP.create(unsaved_file(user, "d.pdf"), by=someone, at=AT)
        alone = Entry.objects.filter(verb="keep").latest("pk")
        assert entries[0].before == alone.before == {}
        its_own = {"name": "d.pdf", "key": "key of d.pdf"}
        assert entries[0].after | its_own == alone.after
        assert UnsealedEntry.objects.filter(entry__in=[*entries, alone]).count() == 4

    def test_one_refused_object_prevents_the_start_of_all(self, user, someone):
        things = [unsaved_file(user, "a.pdf"), unsaved_file(user, "")]
        with pytest.raises(Refused) as refused:
            KEEP.create_many(things, by=someone, at=AT)
        assert refused.value.code == "not_ready"
        assert not File.objects.exists()
        assert not Entry.objects.filter(verb="keep").exists()

    def test_starting_no_objects_runs_no_query(self, someone, django_assert_num_queries):
        with django_assert_num_queries(0):
            KEEP.create_many([], by=someone, at=AT)


class Allowed(ActorStub):
    pass


@pytest.mark.django_db
class TestRefusals:
    def test_status_change_refusals_are_checked_in_a_fixed_order(self, file, user):
        stranger = ActorStub(user.pk, powers=frozenset())
        someone = ActorStub(user.pk, powers=frozenset({"rename"}))
        file.status, file.kind = File.Status.REJECTED, ""
        assert RENAME.refusal(stranger, file, AT).code == "not_allowed"
        assert RENAME.refusal(someone, file, AT).code == "wrong_status"
        file.status = File.Status.CLEAN
        assert RENAME.refusal(someone, file, AT).code == "not_ready"
        file.kind = "photo"
        assert RENAME.refusal(someone, file, AT) is None

    def test_periodic_job_can_make_only_status_changes_open_to_it(self, file):
        assert RENAME.refusal(SYSTEM, file, AT).code == "not_allowed"
        assert CLOSE.refusal(SYSTEM, file, AT) is None
        assert not SYSTEM.may("anything", file)
        assert isinstance(SYSTEM, Actor)

    def test_available_status_changes_start_from_the_status_and_exclude_those_never_permitted(
        self, file, user
    ):
        someone = ActorStub(user.pk, powers=frozenset({"rename"}))
        known = Moves.registry["workflow.file"]
        try:
            moves = Moves(File, RENAME, CLOSE, rules.CHECK, rules.MARK_CLEAN, ends={})
        finally:
            Moves.registry["workflow.file"] = known
        file.kind = ""
        shown = {move.verb: no and no.code for move, no in moves.available(someone, file, AT)}
        assert shown == {"rename": "not_ready", "close": "not_allowed"}, (
            "a closed one with words of its own is shown"
        )
        assert moves["rename"] is RENAME
        assert list(moves) == [RENAME, CLOSE, rules.CHECK, rules.MARK_CLEAN]

    def test_status_with_open_status_changes_cannot_be_an_end_status(self):
        known = Moves.registry["workflow.file"]
        with pytest.raises(ValueError, match="these are open: unscanned"):
            Moves(File, rules.SKIP_CHECK, ends={File.Status.UNSCANNED: "kept", File.Status.CLEAN: "kept"})
        assert Moves.registry["workflow.file"] is known

    def test_status_change_registry_finds_the_status_changes_of_each_model(self, file):
        assert moves_of(file) is rules.FILE_MOVES
        assert moves_of(File) is rules.FILE_MOVES
        assert rules.FILE_MOVES.statuses is File.Status
        assert rules.RECEIVE.creates_object
        assert not rules.CHECK.creates_object

    def test_first_of_several_refusals_is_returned(self):
        refused = not_ready_refusal("No.")
        assert first_refusal([None, refused, not_ready_refusal("Later.")]) is refused
        assert first_refusal([None]) is None
        assert str(refused) == "No."


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_status_changes_are_serialized_and_the_second_refused(user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    someone = ActorStub(user.pk, powers=frozenset({"rename"}))
    file = accept_upload(user, files.upload(files.picture()), by=someone, at=AT, kind="photo")
    outcomes = []

    def check():
        try:
            with CLOSE.apply_to(File.objects.get(pk=file.pk), by=SYSTEM, at=AT):
                time.sleep(0.1)
        except Refused as refused:
            outcomes.append(refused.code)
        else:
            outcomes.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "wrong_status"]


@pytest.mark.django_db
def test_select_locked_reads_the_row_again(file):
    stale = File.objects.get(pk=file.pk)
    stale.name = "in memory only"
    assert select_locked(stale).name == "photo.jpg"


def test_periodic_job_actor_has_no_city_permissions():
    assert not SYSTEM.may("rename", File())
    assert SYSTEM.cities_with("rename") == frozenset()
