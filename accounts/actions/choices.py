"""How mail of each kind reaches a person: chosen by themselves, journaled, and in force for what waits already."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.above import next_morning, notice_kinds
from accounts.models import User
from accounts.wishes import NoticeChoice
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.models.bell import Way
from workflow.moves import locked
from workflow.outbox import bell


def choose(user: User, ways: Mapping[str, str], *, by: Actor, at: datetime) -> list[str]:
    """Choose for some kinds how their mail comes. Returns the kinds that changed; nothing is recorded when none did.

    What is planned follows: into the daily mail, out of it, or not at all. Refuses a kind that does not exist, and a way that a kind
    does not offer.
    """
    for kind, way in ways.items():
        _open(kind, way)
    with transaction.atomic():
        row = locked(user)
        before = ways_of(row)
        changed = [kind for kind, way in ways.items() if before[kind] != way]
        morning = next_morning(row, at) if changed else at
        for kind in changed:
            NoticeChoice.objects.update_or_create(user=row, kind=kind, defaults={"way": ways[kind]})
            bell.rearrange(row.pk, kind, ways[kind], at=at, morning=morning)
        if changed:
            after = {**before, **ways}
            entries.record(row, "choose_mail", by=by, at=at, before=before, after=after)
    return changed


def ways_of(user: User) -> dict[str, str]:
    """How each kind reaches a person: as chosen, else at once. What a kind no longer offers counts as at once."""
    chosen = dict(user.notice_choices.values_list("kind", "way"))
    kinds = notice_kinds()
    return {kind.name: way if (way := chosen.get(kind.name)) in kind.ways else Way.AT_ONCE for kind in kinds}


def _open(kind: str, way: str) -> None:
    """Refuses what nobody can choose."""
    known = next((one for one in notice_kinds() if one.name == kind), None)
    if known is None:
        raise Refused("no_such_kind", _("There is no such kind of notice."))
    if way not in known.ways:
        raise Refused("way_not_open", known.why or _("Choose one of the ways that are offered."), field=kind)
