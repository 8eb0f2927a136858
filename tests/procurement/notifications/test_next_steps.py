"""Tests that everyone who can take the next step of an object is notified or finds it on the start page ("Today").

People who have just acted on the object are exempt.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import User
from partners.permissions.permissions import permissions_by_link
from procurement.dashboard.views import TODO_KINDS
from procurement.notifications import table_lookup
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.muted import (
    MUTED_VERBS_BY_REASON,
    MuteReason,
    muted_verbs_for,
    verbs_announced_elsewhere,
)
from procurement.notifications.table_lookup import load_item, table_rows_for_entry
from tests.procurement.notifications.every_status import WORLDS, World
from tests.worlds.cities import powers_for
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT, LATER
from workflow.actors import Actor
from workflow.clock import clear_instance_cache
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.moves import Move, Moves

pytestmark = pytest.mark.django_db
ROLES = ("officer", "second_officer", "approver", "verifier", "logistics", "observer", "broker")
# These moves take an object out of use, at any time or never, so they are not a next step.
TAKES_OUT_OF_USE = {
    "procurement.bankaccount": {"retire"},
    "procurement.auditfile": {"discard"},
    "procurement.allocationplan": {"cancel"},
    # The decision is made where a finding of an offer asks for it.
    "procurement.certificate": {
        "suspect",
        "confirm",
        "mark_unconfirmable",
        "mark_altered",
        "mark_wrong_scope",
    },
    "procurement.interestdeclaration": {"end"},
    "procurement.documentrequest": {"cancel"},
    "procurement.orderacknowledgement": {"withdraw"},
    "partners.membership": {"end"},
}


@pytest.fixture
def story(db) -> Iterator[RequestingOffice]:
    desk = RequestingOffice()
    desk.practise()
    yield desk
    clear_instance_cache()


class Cast:
    """All people of an example purchase (`Story`), with their powers and their rows on the start page ("Today")."""

    def __init__(self, story: RequestingOffice) -> None:
        for role in ROLES:
            getattr(story, role)
        story.person("administrator")
        self.people: dict[int, User] = {one.pk: one for one in User.objects.filter(is_active=True)}
        self.powers = {pk: powers_for(one) for pk, one in self.people.items()}

    def about(self, thing: Any) -> dict[int, list[Actor]]:
        """Return each person's actors for the object: signed in, and for its contact also by the link to it."""
        doors: dict[int, list[Actor]] = {pk: [by] for pk, by in self.powers.items()}
        contact = getattr(thing, "contact", None)
        if contact is not None:
            doors[contact.user_id].append(permissions_by_link(contact.user, contact, reference_of(thing)))
        return doors

    def going_on(self, thing: Any) -> set[int]:
        """Return the people who can take a next step of the object."""
        steps = next_moves(thing)
        doors = self.about(thing).items()
        return {pk for pk, ways in doors if any(is_open(step, by, thing) for step in steps for by in ways)}

    def may(self, move: Move[Any], thing: Any) -> set[int]:
        """Return the people who may make the move in some status of the object."""
        return {
            pk
            for pk, ways in self.about(thing).items()
            if any(not isinstance(answer := move.allowed(by, thing), Refused) and answer for by in ways)
        }

    @cache  # noqa: B019  a cast lives as long as its test
    def today(self) -> dict[tuple[str, int], set[int]]:
        """Return the people whose start page shows the object, or an object it belongs to."""
        found: dict[tuple[str, int], set[int]] = {}
        for pk, by in self.powers.items():
            for kind in TODO_KINDS:
                for one in kind.find_waiting(by):
                    for place in object_and_owners(one):
                        found.setdefault(place, set()).add(pk)
        return found

    def on_today(self, thing: Any) -> set[int]:
        return set().union(*(self.today().get(place, set()) for place in object_and_owners(thing)))


def reference_of(thing: Model) -> tuple[str, int]:
    return thing._meta.label_lower, thing.pk


def object_and_owners(thing: Any) -> set[tuple[str, int]]:
    """Return the object and the objects it belongs to.

    For a document these are its clearance and its shipment.
    """
    places = {reference_of(thing)}
    for field in thing._meta.concrete_fields:
        above = getattr(thing, field.name, None) if field.is_relation else None
        if above is not None and above._meta.app_label == "procurement":
            places.add(reference_of(above))
    return places


def next_moves(thing: Any) -> list[Move[Any]]:
    """Return the next steps of an object: the moves that take it further in its life cycle.

    Moves that require a reason count only if there are no others.
    """
    moves = Moves.registry[thing._meta.label_lower]
    order = [str(one) for one in moves.statuses]
    left_out = TAKES_OUT_OF_USE.get(thing._meta.label_lower, set())
    further = [
        move
        for move in moves
        if thing.status in move.source
        and move.target is not None
        and order.index(move.target) > order.index(thing.status)
        and move.verb not in left_out
    ]
    return [move for move in further if not move.requires_reason] or further


def has_next_move(label: str, status: str) -> bool:
    """Return True if any step follows the status."""
    thing = Moves.registry[label].model(status=status)
    return bool(next_moves(thing))


def is_open(move: Move[Any], by: Actor, thing: Any) -> bool:
    return move.refusal(by, thing, LATER) is None


def recipients_of(entry: Entry) -> set[int]:
    """Return the recipients of a mail or notice about the entry."""
    if not table_rows_for_entry(entry):
        return set()
    plan = build_notifications_for_entry(entry, AT)
    return {one.recipient_id for one in [*plan.messages, *plan.notices]}


def recipients_of_parts(thing: Any, entry: Entry) -> set[int]:
    """Return the recipients of the same action's entries about objects that belong to this one.

    An example is a received version of a document.
    """
    told: set[int] = set()
    for later in (
        Entry.objects.filter(pk__gt=entry.pk or 0, by=entry.by_id, at=entry.at).order_by("pk")[:5]
        if entry.pk
        else ()
    ):
        other = load_item(later.thing_label, later.thing_id)
        if other is not None and reference_of(thing) in object_and_owners(other):
            told |= recipients_of(later)
    return told


def unaware_people(cast: Cast, thing: Any, entry: Entry, actors: Iterable[int | None]) -> list[str]:
    """Return a complaint for each of the `actors`, who just acted, that cannot take the next step of the object.

    There is none if no one can take it, or if someone who can is notified or finds the object on their start page.
    """
    going_on = cast.going_on(thing)
    others = [actor for actor in actors if actor not in going_on]
    ways = (
        lambda: recipients_of(entry),
        lambda: recipients_of_parts(thing, entry),
        lambda: cast.on_today(thing),
    )
    if not going_on or not others or any(way() & going_on for way in ways):
        return []
    return [
        f"{thing._meta.label} {entry.verb} by {cast.people.get(actor or 0, 'the clock')}: "
        f"{sorted(str(cast.people[one]) for one in going_on)} may go on"
        for actor in others
    ]


def muted_moves_into(label: str, status: str) -> Iterator[Move[Any]]:
    """Yield the moves into a status that send no message."""
    for move in Moves.registry[label]:
        if move.target == status and (label, move.verb) not in table_lookup.NOTICES:
            yield move


FOLLOWED = [one for one in WORLDS if has_next_move(*one[:2])]  # a world without a next step proves nothing


@pytest.mark.parametrize(
    "played",
    FOLLOWED,
    ids=[f"{number}-{label}-{status}" for number, (label, status, _reach) in enumerate(FOLLOWED)],
)
def test_person_who_must_act_next_is_notified_or_finds_the_item_on_today(
    story: RequestingOffice, played: World
) -> None:
    label, status, reach = played
    thing = reach(story)
    thing = type(thing)._base_manager.get(pk=thing.pk)
    assert (thing._meta.label_lower, thing.status) == (label, status)
    cast, wrong = Cast(story), []
    for one, life in Moves.registry.items():
        for row in life.model._base_manager.all() if not one.startswith("workflow.") else ():
            entry = Entry.objects.about(row).order_by("-pk").first()
            if entry is not None and (entry.by_id or entry.via == "clock"):
                wrong += unaware_people(cast, row, entry, [entry.by_id])
    for move in muted_moves_into(label, status):
        entry = Entry(verb=move.verb, thing_label=label, thing_id=thing.pk, at=AT)
        wrong += unaware_people(cast, thing, entry, cast.may(move, thing))
    assert sorted(set(wrong)) == []


def muted_pairs(why: MuteReason) -> list[tuple[str, str]]:
    return [(label, verb) for label, verbs in muted_verbs_for(why) for verb in verbs]


@pytest.mark.parametrize(("label", "verb"), muted_pairs(MuteReason.SHOWN_ON_TODAY_PAGE))
def test_actions_muted_because_of_today_are_listed_on_today(
    story: RequestingOffice, label: str, verb: str
) -> None:
    target = Moves.registry[label][verb].target
    reach = [reach for one, status, reach in WORLDS if (one, status) == (label, target)][-1]
    thing = reach(story)
    cast = Cast(story)
    assert cast.on_today(type(thing)._base_manager.get(pk=thing.pk))


def test_actions_muted_as_unchanged_have_no_target_status() -> None:
    for label, verb in muted_pairs(MuteReason.STATUS_UNCHANGED):
        assert label not in Moves.registry or Moves.registry[label].by_verb.get(verb) is None or (
            Moves.registry[label][verb].target is None
        ), (label, verb)  # fmt: skip


def test_actions_muted_in_favour_of_another_entry_are_announced_there() -> None:
    pairs = list(verbs_announced_elsewhere())
    assert {(label, verb) for label, verb, *_other in pairs} == set(
        muted_pairs(MuteReason.ANNOUNCED_ELSEWHERE)
    )
    for _label, _verb, other, announced in pairs:
        assert (other, announced) in table_lookup.NOTICES


def test_actions_muted_as_automatic_belong_to_the_periodic_job() -> None:
    for label, verb in muted_pairs(MuteReason.DONE_BY_PERIODIC_JOB):
        assert label == "*" or Moves.registry[label][verb].allowed_for_system or label == "workflow.file"


def test_every_status_reached_by_a_muted_action_is_tested() -> None:
    """Status changes of the register and of people are left out, because this file has no objects for them."""
    played = {(label, status) for label, status, _reach in WORLDS}
    missing = {
        (label, move.target)
        for why in MUTED_VERBS_BY_REASON
        for label, verb in muted_pairs(why)
        if label.startswith("procurement.") and label in Moves.registry
        for move in [Moves.registry[label][verb]]
        if move.target is not None and has_next_move(label, move.target)
    }
    assert missing - played == set()
