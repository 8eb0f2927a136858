"""The feed of changes contains each journal entry once, however long its transaction takes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.actors import SelfActor
from tests.procurement.api.program import Program
from tests.workflow.conftest import AT
from tests.worlds import cities
from workflow.journal import entries
from workflow.journal.hash_chain import seal_entries
from workflow.journal.models import Entry, FeedPosition

WRITERS, EACH = 16, 12


def write(number: int, user) -> None:
    """Run short and long transactions in turn: a long one ends after others have written and committed."""
    try:
        for turn in range(EACH):
            with transaction.atomic():
                entries.record(user, "greet", by=SelfActor(user), at=AT)
                if (number + turn) % 4 == 0:
                    time.sleep(0.15)
    finally:
        connection.close()


class FeedReader:
    """Client that polls the feed from the last entry it knows."""

    def __init__(self, program: Program, address: str, first: int) -> None:
        self.program, self.address, self.last = program, address, first
        self.known: list[int] = []

    def poll(self) -> int:
        answer = self.program.ask("get", self.address.format(last=self.last))
        assert answer.status_code == 200, answer.content
        found = [row["id"] for row in answer.json()["results"]]
        self.known += found
        self.last = found[-1] if found else self.last
        return len(found)


@pytest.mark.django_db(transaction=True)
def test_feed_with_sixteen_concurrent_writers_loses_and_repeats_no_entry():
    member = cities.member("coordinator", None)
    user = member.user if hasattr(member, "user") else member
    program = Program(user)
    while seal_entries():
        pass
    first = Entry.objects.latest("pk").pk
    feed = FeedReader(program, "entries/?ordering=feed&page_size=100&after={last}", first)
    by_id = WrongReader(first)
    over = threading.Event()

    def seal_all() -> None:
        try:
            while not over.is_set():
                seal_entries()
                by_id.poll()
                time.sleep(0.01)
        finally:
            connection.close()

    sealer = threading.Thread(target=seal_all)
    sealer.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(write, number, user) for number in range(WRITERS)]
        while not all(one.done() for one in done):
            feed.poll()
    for one in done:
        one.result()
    over.set()
    sealer.join()
    while seal_entries() or feed.poll():
        pass
    by_id.poll()
    written = set(Entry.objects.filter(pk__gt=first).values_list("pk", flat=True))
    assert len(written) == WRITERS * EACH
    assert (len(written - set(feed.known)), len(feed.known) - len(set(feed.known))) == (0, 0)
    assert written - set(by_id.known), "without the feed's order some are missed"


class WrongReader:
    """Wrong reader that continues from the highest id it has seen."""

    def __init__(self, last: int) -> None:
        self.last, self.known = last, list[int]()

    def poll(self) -> None:
        found = list(Entry.objects.filter(pk__gt=self.last).order_by("pk").values_list("pk", flat=True))
        self.known += found
        self.last = found[-1] if found else self.last


@pytest.mark.django_db
def test_unsealed_entry_is_not_in_the_feed_and_follows_all_sealed_ones(user):
    one = entries.record(user, "greet", by=SelfActor(user), at=AT)
    while seal_entries():
        pass
    two = entries.record(user, "greet", by=SelfActor(user), at=AT)
    assert FeedPosition.objects.filter(entry=one).exists()
    assert not FeedPosition.objects.filter(entry=two).exists()
    seal_entries()
    assert FeedPosition.objects.get(entry=two).pk > FeedPosition.objects.get(entry=one).pk


@pytest.mark.django_db
def test_feed_does_not_restart_after_an_entry_it_does_not_contain(user):
    program = Program(user)
    sealed = entries.record(user, "greet", by=SelfActor(user), at=AT)
    while seal_entries():
        pass
    late = entries.record(user, "greet", by=SelfActor(user), at=AT)
    for unknown in (late.pk, 999_999_999):
        answer = program.ask("get", f"entries/?ordering=feed&after={unknown}")
        assert answer.status_code == 422, answer.content
        (fault,) = answer.json()["errors"]
        assert (fault["code"], fault["parameter"]) == ("not_in_feed", "after")
        assert str(unknown) in str(fault)
    behind = [row["id"] for row in program.all("entries/?ordering=feed&after=0")]
    assert behind == [row["id"] for row in program.all("entries/?ordering=feed")]
    assert sealed.pk in behind
    assert list(program.all(f"entries/?ordering=feed&after={sealed.pk}")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["id", "-id", "-feed", ""])
def test_entries_after_a_position_are_given_in_feed_order_only(user, order):
    program = Program(user)
    answer = program.ask("get", f"entries/?after=1{order and f'&ordering={order}'}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "ordering"
