"""Whoever has the next step of a thing hears of it or finds it on Today, unless it is the person who has just acted on it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import User
from partners.rules.powers import powers_by_link
from procurement.notices import entries, planning, table
from procurement.notices.entries import for_entry
from procurement.notices.silent import SILENT, Why, because, beside
from procurement.web.today.page import KINDS
from tests.procurement.notices.worlds import WORLDS, World
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.story import AT, LATER
from tests.world import powers_for
from workflow import clock
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.models.journal import Entry
from workflow.moves import Move, Moves

pytestmark = pytest.mark.django_db
ROLES = ("officer", "second_officer", "approver", "verifier", "logistics", "observer", "broker")
# Not the next step of anything: what takes a thing out of use, at any time or never.
OUT = {
    "procurement.bankaccount": {"retire"},
    "procurement.bundle": {"drop"},
    # Judged where a finding of an offer asks for it.
    "procurement.certificate": {
        "suspect",
        "confirm",
        "mark_unconfirmable",
        "mark_altered",
        "mark_wrong_scope",
    },
    "procurement.interest": {"end"},
    "procurement.papercall": {"withdraw"},
    "partners.membership": {"end"},
}


@pytest.fixture
def story(db) -> Iterator[Desk]:
    desk = Desk()
    desk.practise()
    yield desk
    clock.forget()


class Cast:
    """Everybody who is there once a world was played, with what each may do, and what stands on Today of each."""

    def __init__(self, story: Desk) -> None:
        for role in ROLES:
            getattr(story, role)
        story.person("administrator")
        self.people: dict[int, User] = {one.pk: one for one in User.objects.filter(is_active=True)}
        self.powers = {pk: powers_for(one) for pk, one in self.people.items()}

    def about(self, thing: Any) -> dict[int, list[Actor]]:
        """What each may do with a thing: as they sign in, and by the link to it."""
        doors: dict[int, list[Actor]] = {pk: [by] for pk, by in self.powers.items()}
        contact = getattr(thing, "contact", None)
        if contact is not None:
            doors[contact.user_id].append(powers_by_link(contact.user, contact, ref(thing)))
        return doors

    def going_on(self, thing: Any) -> set[int]:
        """Those to whom a next step of the thing is open."""
        steps = onward(thing)
        doors = self.about(thing).items()
        return {pk for pk, ways in doors if any(is_open(step, by, thing) for step in steps for by in ways)}

    def may(self, move: Move[Any], thing: Any) -> set[int]:
        """Those who may have made a move, whatever the thing is at now."""
        return {
            pk
            for pk, ways in self.about(thing).items()
            if any(not isinstance(answer := move.allowed(by, thing), Refused) and answer for by in ways)
        }

    @cache  # noqa: B019  a cast lives as long as its test
    def today(self) -> dict[tuple[str, int], set[int]]:
        """Whose Today speaks of a thing, or of what it belongs to."""
        found: dict[tuple[str, int], set[int]] = {}
        for pk, by in self.powers.items():
            for kind in KINDS:
                for one in kind.find(by):
                    for place in around(one):
                        found.setdefault(place, set()).add(pk)
        return found

    def on_today(self, thing: Any) -> set[int]:
        return set().union(*(self.today().get(place, set()) for place in around(thing)))


def ref(thing: Model) -> tuple[str, int]:
    return thing._meta.label_lower, thing.pk


def around(thing: Any) -> set[tuple[str, int]]:
    """A thing and what it belongs to: a paper, its lane and its shipment."""
    places = {ref(thing)}
    for field in thing._meta.concrete_fields:
        above = getattr(thing, field.name, None) if field.is_relation else None
        if above is not None and above._meta.app_label == "procurement":
            places.add(ref(above))
    return places


def onward(thing: Any) -> list[Move[Any]]:
    """The next steps of a thing: what takes it further in its life; what asks for a reason only where nothing else does."""
    moves = Moves.registry[thing._meta.label_lower]
    order = [str(one) for one in moves.statuses]
    left_out = OUT.get(thing._meta.label_lower, set())
    further = [
        move
        for move in moves
        if thing.status in move.source
        and move.target is not None
        and order.index(move.target) > order.index(thing.status)
        and move.verb not in left_out
    ]
    return [move for move in further if not move.reason] or further


def onward_from(label: str, status: str) -> bool:
    """Whether anything follows a status."""
    thing = Moves.registry[label].model(status=status)
    return bool(onward(thing))


def is_open(move: Move[Any], by: Actor, thing: Any) -> bool:
    return move.refusal(by, thing, LATER) is None


def told_of(entry: Entry) -> set[int]:
    """Who gets a mail or a notice."""
    if not for_entry(entry):
        return set()
    said = planning.tell(entry, AT)
    return {one.recipient_id for one in [*said.messages, *said.notices]}


def told_beside(thing: Any, entry: Entry) -> set[int]:
    """The same, of what was done in one go with it to what belongs to the thing: a version of a paper that came in."""
    told: set[int] = set()
    for later in (
        Entry.objects.filter(pk__gt=entry.pk or 0, by=entry.by_id, at=entry.at).order_by("pk")[:5]
        if entry.pk
        else ()
    ):
        other = entries.load(later.thing_label, later.thing_id)
        if other is not None and ref(thing) in around(other):
            told |= told_of(later)
    return told


def left_in_the_dark(cast: Cast, thing: Any, entry: Entry, actors: Iterable[int | None]) -> list[str]:
    """For each who did, or may have done, what is told by an entry: that others go on, and none of them knows."""
    going_on = cast.going_on(thing)
    if not going_on:
        return []
    knows = told_of(entry) | told_beside(thing, entry) | cast.on_today(thing)
    return [
        f"{thing._meta.label} {entry.verb} by {cast.people.get(actor or 0, 'the clock')}: "
        f"{sorted(str(cast.people[one]) for one in going_on)} may go on"
        for actor in actors
        if actor not in going_on and not knows & going_on
    ]


def silent_into(label: str, status: str) -> Iterator[Move[Any]]:
    """The moves into a status that send nothing."""
    for move in Moves.registry[label]:
        if move.target == status and (label, move.verb) not in table.NOTICES:
            yield move


FOLLOWED = [one for one in WORLDS if onward_from(*one[:2])]  # a world in which nothing follows says nothing


@pytest.mark.parametrize(
    "played",
    FOLLOWED,
    ids=[f"{number}-{label}-{status}" for number, (label, status, _reach) in enumerate(FOLLOWED)],
)
def test_whoever_goes_on_hears_of_it_or_finds_it_on_today(story: Desk, played: World) -> None:
    label, status, reach = played
    thing = reach(story)
    thing = type(thing)._base_manager.get(pk=thing.pk)
    assert (thing._meta.label_lower, thing.status) == (label, status)
    cast, wrong = Cast(story), []
    for one, life in Moves.registry.items():
        for row in life.model._base_manager.all() if not one.startswith("workflow.") else ():
            entry = Entry.objects.about(row).order_by("-pk").first()
            if entry is not None and (entry.by_id or entry.via == "clock"):
                wrong += left_in_the_dark(cast, row, entry, [entry.by_id])
    for move in silent_into(label, status):
        entry = Entry(verb=move.verb, thing_label=label, thing_id=thing.pk, at=AT)
        wrong += left_in_the_dark(cast, thing, entry, cast.may(move, thing))
    assert sorted(set(wrong)) == []


def of(why: Why) -> list[tuple[str, str]]:
    return [(label, verb) for label, verbs in because(why) for verb in verbs]


@pytest.mark.parametrize(("label", "verb"), of(Why.TODAY))
def test_what_is_said_to_stand_on_today_stands_there(story: Desk, label: str, verb: str) -> None:
    target = Moves.registry[label][verb].target
    reach = [reach for one, status, reach in WORLDS if (one, status) == (label, target)][-1]
    thing = reach(story)
    cast = Cast(story)
    assert cast.on_today(type(thing)._base_manager.get(pk=thing.pk))


def test_what_keeps_a_thing_where_it_is_has_no_target() -> None:
    for label, verb in of(Why.KEEPS):
        assert label not in Moves.registry or Moves.registry[label].by_verb.get(verb) is None or (
            Moves.registry[label][verb].target is None
        ), (label, verb)  # fmt: skip


def test_what_is_announced_beside_another_entry_is_announced() -> None:
    pairs = list(beside())
    assert {(label, verb) for label, verb, *_other in pairs} == set(of(Why.BESIDE))
    for _label, _verb, other, announced in pairs:
        assert (other, announced) in table.NOTICES


def test_what_the_machine_goes_on_with_is_its_own() -> None:
    for label, verb in of(Why.MACHINE):
        assert label == "*" or Moves.registry[label][verb].clock or label == "workflow.file"


def test_every_status_into_which_a_silent_move_leads_is_played() -> None:
    """But for those of the register and of people, which have no world here."""
    played = {(label, status) for label, status, _reach in WORLDS}
    missing = {
        (label, move.target)
        for why in SILENT
        for label, verb in of(why)
        if label.startswith("procurement.") and label in Moves.registry
        for move in [Moves.registry[label][verb]]
        if move.target is not None and onward_from(label, move.target)
    }
    assert missing - played == set()
