"""Where sources disagree: what each says is added, somebody settles it and says why, and it is opened again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.actions.corrections import apply, sides
from partners.dates import UNKNOWN, Known
from partners.models.corrections import NAMES, Registered
from partners.models.disputes import Claim, Dispute
from partners.rules.disputes import CLAIM, DISPUTE, REOPEN, SETTLE
from partners.rules.facts import STANDING, as_claimed, facts_of, written
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


def add_claim(
    thing: Registered,
    fact: str,
    value: str,
    *,
    source: str,
    by: Actor,
    at: datetime,
    source_url: str = "",
    said: Known = UNKNOWN,
) -> Claim:
    """Add what a source says about a fact; the first one opens the disagreement. The register itself stays as it is.

    Refuses a value that cannot be one, what the same source was noted to say, and a settled disagreement: that is opened first.
    """
    value = as_claimed(thing, fact, value)
    with transaction.atomic():
        locked(thing)  # two first claims at once make one disagreement
        dispute = Dispute.objects.about(thing).filter(fact=fact).first()
        if dispute is None:
            dispute = _begin(thing, fact, by=by, at=at)
        if dispute.claims.filter(value=value, source=source).exists():
            raise Refused("claim_known", _("This is noted already."), field="source")
        with CLAIM.on(dispute, by=by, at=at, source=source, value=value) as row:
            return Claim.objects.create(
                dispute=row,
                value=value,
                source=source,
                source_url=source_url,
                said_on=said.on,
                said_precision=said.precision,
            )


def settle(
    dispute: Dispute, *, claim: Claim, settled_by: User, by: Actor, at: datetime, reason: str
) -> Dispute:
    """Say which source is right, and why. The register then says so too, where it has a column for it; all claims stay visible.

    Refuses without a reason, what is said elsewhere, and a value the register cannot hold.
    """
    with SETTLE.on(dispute, by=by, at=at, reason=reason, source=claim.source, value=claim.value) as row:
        if claim.dispute_id != row.pk:
            raise Refused("another_claim", _("No source says this here."), field="claim")
        row.settled_by, row.settled_at = settled_by, at
        row.settled_for, row.because = claim.value, reason.strip()
        thing, fact = row.about, row.fact
        if fact != STANDING and fact in facts_of(thing) and written(thing, fact) != claim.value:
            apply(thing, fact, claim.value, by=by, at=at, reason=f"{claim.source}: {reason}")
    return dispute


def reopen_dispute(dispute: Dispute, *, by: Actor, at: datetime, reason: str) -> Dispute:
    """Open it again: another source, or a doubt. The register stays as it was settled; the history keeps who settled it and why."""
    with REOPEN.on(dispute, by=by, at=at, reason=reason) as row:
        row.settled_by, row.settled_at, row.settled_for, row.because = None, None, "", ""
    return dispute


def _begin(thing: Registered, fact: str, *, by: Actor, at: datetime) -> Dispute:
    side_a, side_b = sides(thing)
    dispute = Dispute(**{NAMES[type(thing)]: thing}, side_a=side_a, side_b=side_b, fact=fact)
    return DISPUTE.start(dispute, by=by, at=at)
