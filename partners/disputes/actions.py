"""Actions on disputes between sources: add the claim of a source, settle the dispute, reopen it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.corrections.actions import apply_correction, register_cities_of
from partners.corrections.correctable_facts import (
    AGREEMENT_STATUS_FACT,
    correctable_facts,
    normalize_claim,
    register_file_value,
)
from partners.corrections.models import ENTRY_FIELD_BY_MODEL, Registered
from partners.disputes.models import Dispute, SourceClaim
from partners.disputes.rules import ADD_CLAIM, OPEN_DISPUTE, REOPEN, SETTLE
from partners.partial_dates import UNKNOWN_DATE, PartialDate
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action, select_locked


@register_action(ADD_CLAIM)
def add_claim(
    thing: Registered,
    fact: str,
    value: str,
    *,
    source: str,
    by: Actor,
    at: datetime,
    source_url: str = "",
    said: PartialDate = UNKNOWN_DATE,
) -> SourceClaim:
    """Add a source's claim about a fact. The first claim about a fact opens a dispute.

    The register does not change. Refuses an invalid value, a claim that the dispute has already, and a claim
    in a settled dispute, which must be reopened first.
    """
    value = normalize_claim(thing, fact, value)
    with transaction.atomic():
        select_locked(thing)  # so that two first claims at the same time open only one dispute
        dispute = Dispute.objects.about_entry(thing).filter(fact=fact).first()
        if dispute is None:
            dispute = _open_dispute(thing, fact, by=by, at=at)
        if dispute.claims.filter(value=value, source=source).exists():
            raise Refused("claim_known", _("This has already been recorded."), field="source")
        with ADD_CLAIM.apply_to(dispute, by=by, at=at, source=source, value=value) as row:
            return SourceClaim.objects.create(
                dispute=row,
                value=value,
                source=source,
                source_url=source_url,
                stated_on=said.first_day,
                stated_precision=said.precision,
            )


@register_action(SETTLE)
def settle_dispute(
    dispute: Dispute, *, claim: SourceClaim, settled_by: ActingUser, by: Actor, at: datetime, reason: str
) -> Dispute:
    """Settle a dispute for one claim, with a reason. All claims stay visible.

    If the register has a column for the fact, it takes the value of the claim. Refuses a missing reason, a
    claim of another dispute, and a value that the register cannot hold.
    """
    with SETTLE.apply_to(dispute, by=by, at=at, reason=reason, source=claim.source, value=claim.value) as row:
        if claim.dispute_id != row.pk:
            raise Refused("another_claim", _("No source gives this value."), field="claim")
        row.settled_by, row.settled_at = settled_by, at
        row.settled_for, row.because = claim.value, reason.strip()
        thing, fact = row.register_entry, row.fact
        if (
            fact != AGREEMENT_STATUS_FACT
            and fact in correctable_facts(thing)
            and register_file_value(thing, fact) != claim.value
        ):
            apply_correction(thing, fact, claim.value, by=by, at=at, reason=f"{claim.source}: {reason}")
    return dispute


@register_action(REOPEN)
def reopen_dispute(dispute: Dispute, *, by: Actor, at: datetime, reason: str) -> Dispute:
    """Reopen a settled dispute, for example for another source or because of a doubt.

    The register keeps the settled value. The history keeps who settled the dispute and why.
    """
    with REOPEN.apply_to(dispute, by=by, at=at, reason=reason) as row:
        row.settled_by, row.settled_at, row.settled_for, row.because = None, None, "", ""
    return dispute


def _open_dispute(thing: Registered, fact: str, *, by: Actor, at: datetime) -> Dispute:
    side_a, side_b = register_cities_of(thing)
    dispute = Dispute(**{ENTRY_FIELD_BY_MODEL[type(thing)]: thing}, side_a=side_a, side_b=side_b, fact=fact)
    return OPEN_DISPUTE.create(dispute, by=by, at=at)
