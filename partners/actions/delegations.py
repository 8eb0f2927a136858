"""Approving for somebody who is away: given for days, and taken back before they are over."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from partners.models.delegations import Delegation
from partners.models.people import Membership
from partners.roles import Power
from partners.rules.delegations import refused
from workflow.actors import Actor, person_of
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked


def delegate(
    city: City,
    deputy: User,
    *,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Delegation:
    """Let somebody approve in one's place from one day to another, both included; it ends by itself.

    Refuses whoever is no approver of the city by a role of their own, oneself, somebody who does not work for the city, days that are
    over or the wrong way round, and more than sixty days: whoever is away for longer hands over the role.
    """
    giver = person_of(by)
    here = Membership.objects.active().filter(city=city)
    no = refused(
        approves=here.filter(user=giver, role=Membership.Role.APPROVER).exists(),
        works_here=here.filter(user=deputy).exclude(role=Membership.Role.BROKER).exists(),
        oneself=deputy.pk == giver,
        days=(city.day_at(at), starts_on, ends_on),
    )
    if no is not None:
        raise no
    with transaction.atomic():
        given = Delegation.objects.create(
            city=city,
            giver_id=giver,
            deputy=deputy,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            given_at=at,
        )
        entries.record(given, "delegate", by=by, at=at, reason=reason, after=entries.snapshot(given))
    return given


def end_delegation(delegation: Delegation, *, by: Actor, at: datetime) -> Delegation:
    """Take it back, from the next request on. Whoever gave it, the deputy, and who looks after the city's people may."""
    mine = by.user_id is not None and by.user_id in (delegation.giver_id, delegation.deputy_id)
    if not mine and not by.may(Power.MANAGE_PEOPLE, delegation):
        raise Refused(NOT_ALLOWED, _("Only who gave it, who has it, or an administrator takes it back."))
    with transaction.atomic():
        row = locked(delegation)
        if row.taken_back_at is not None:
            raise Refused("taken_back", _("It was taken back already."))
        row.taken_back_at = at
        row.save(update_fields=["taken_back_at"])
        entries.record(row, "take_back", by=by, at=at, after={"taken_back_at": at.isoformat()})
    delegation.taken_back_at = at
    return delegation
