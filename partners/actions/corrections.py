"""Proposals of what to set right in the register: made, accepted (and then applied), declined, decided again, withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.actions.register import correct_city, correct_exchange, correct_twinning
from partners.models.cities import City
from partners.models.corrections import NAMES, Correction, Registered
from partners.models.ties import Exchange, Twinning
from partners.rules.corrections import ACCEPT, DECLINE, PROPOSE, REOPEN, WITHDRAW
from partners.rules.facts import as_written, read, written
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked, not_ready


def propose_correction(
    thing: Registered,
    fact: str,
    value: str,
    *,
    source_url: str,
    why: str,
    author: User,
    by: Actor,
    at: datetime,
) -> Correction:
    """Propose what a fact of the register should say. Changes nothing yet: whoever keeps it is told.

    Refuses a value that cannot be one, one that stands there already, and one that somebody has proposed and nobody decided.
    """
    value = as_written(thing, fact, value)
    if value == written(thing, fact):
        raise Refused("already_so", _("The register says this already."), field="value")
    side_a, side_b = sides(thing)
    correction = Correction(
        **{NAMES[type(thing)]: thing},
        side_a=side_a,
        side_b=side_b,
        fact=fact,
        value=value,
        said=written(thing, fact),
        source_url=source_url,
        why=why.strip(),
        author=author,
    )
    with transaction.atomic():
        locked(thing)  # two who propose the same at once come one after the other
        if Correction.objects.about(thing).waiting().filter(fact=fact, value=value).exists():
            words = _("Somebody has proposed this already. It waits for a decision.")
            raise Refused("already_proposed", words, field="value")
        return PROPOSE.start(correction, by=by, at=at)


def accept_correction(
    correction: Correction, *, decided_by: User, by: Actor, at: datetime, answer: str = ""
) -> Correction:
    """Let the register say what was proposed. Its entry names the proposer; they are told. What it said until now is kept: another
    proposal may have been accepted since this one was made.

    Refuses who does not keep that part of the register, and what it can no longer say.
    """
    with ACCEPT.on(correction, by=by, at=at, reason=answer) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, answer.strip()
        row.said = written(row.about, row.fact)
        _apply(row, row.value, by=by, at=at)
    return correction


def decline_correction(
    correction: Correction, *, decided_by: User, by: Actor, at: datetime, reason: str
) -> Correction:
    """Leave the register as it is. Refuses without a reason, which the proposer is told."""
    with DECLINE.on(correction, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, reason.strip()
    return correction


def reopen_correction(correction: Correction, *, by: Actor, at: datetime, reason: str) -> Correction:
    """Take a decision back. What was accepted is undone: the fact says again what it said before.

    Refuses where somebody has changed the fact since: then it is corrected there.
    """
    with REOPEN.on(correction, by=by, at=at, reason=reason) as row:
        if row.status == Correction.Status.ACCEPTED:
            if written(row.about, row.fact) != row.value:
                raise not_ready(_("Somebody has changed this fact since. Correct it on its page instead."))
            _apply(row, row.said, by=by, at=at)
        row.decided_by, row.decided_at, row.answer = None, None, ""
    return correction


def withdraw_correction(correction: Correction, *, by: Actor, at: datetime, reason: str = "") -> Correction:
    """Take one's own proposal back while nobody has decided it."""
    with WITHDRAW.on(correction, by=by, at=at, reason=reason):
        pass
    return correction


def sides(thing: Registered) -> tuple[City, City | None]:
    """The places in whose register it stands: one for a place, two for what is between two."""
    if isinstance(thing, City):
        return thing, None
    return (thing.city_a, thing.city_b) if isinstance(thing, Twinning) else (thing.from_city, thing.to_city)


def apply(thing: Registered, fact: str, value: str, *, by: Actor, at: datetime, reason: str) -> None:
    """Correct one fact of the register. Refuses what would make the same agreement or exchange stand there twice."""
    facts = read(thing, fact, value)
    _stay_single(thing, facts)
    told: dict[str, Any] = {"by": by, "at": at, "reason": reason, **facts}
    if isinstance(thing, City):
        correct_city(thing, **told)
    elif isinstance(thing, Twinning):
        correct_twinning(thing, **told)
    else:
        correct_exchange(thing, **told)


def _apply(row: Correction, value: str, *, by: Actor, at: datetime) -> None:
    apply(row.about, row.fact, value, by=by, at=at, reason=f"{row.reference}, {row.author}: {row.why}")


def _stay_single(thing: Registered, facts: dict[str, Any]) -> None:
    if isinstance(thing, Twinning) and "kind" in facts:
        same = Q(city_a=thing.city_a_id, city_b=thing.city_b_id) | Q(
            city_a=thing.city_b_id, city_b=thing.city_a_id
        )
        twice = Twinning.objects.filter(same, kind=facts["kind"]).exclude(pk=thing.pk).exists()
    elif isinstance(thing, Exchange):
        names = ("from_city_id", "to_city_id", "on", "precision", "kind", "items", "shipment_reference")
        same_row = {name: facts.get(name, getattr(thing, name)) for name in names}
        twice = Exchange.objects.filter(**same_row).exclude(pk=thing.pk).exists()
    else:
        return
    if twice:
        words = _("The register would then say the same twice. Correct the other entry.")
        raise Refused("said_twice", words, field="value")
