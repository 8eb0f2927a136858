"""What waits in the register: corrections to decide, sources that disagree, agreements that run out, and people to confirm."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models.corrections import ABOUT, Correction
from partners.models.disputes import Dispute
from partners.models.people import Contact, Membership
from partners.models.ties import Twinning
from partners.roles import Power
from partners.rules.facts import label
from partners.rules.powers import Powers
from partners.templatetags.partners import known
from procurement.web.today.rows import Kind, Row, mine

DECIDED_IN = timedelta(days=3)
SETTLED_IN = timedelta(
    days=14
)  # from whenever one looks: nobody waits for it, so it never comes before what somebody waits for


def _corrections(by: Powers) -> QuerySet[Any]:
    return _kept(Correction.objects.waiting(), by)


def _kept(rows: QuerySet[Any], by: Powers) -> QuerySet[Any]:
    """Of what speaks of a fact of the register: that of which the reader keeps a side."""
    if by.watches_all:
        return rows
    kept = mine(by, Power.EDIT_REGISTER)
    return rows.filter(Q(side_a__in=kept) | Q(side_b__in=kept))


def _decide(correction: Correction, at: datetime) -> Row:
    told = {"about": correction.about, "fact": label(correction.kind, correction.fact)}
    return Row(
        _("Decide on a correction of %(about)s: %(fact)s") % told,
        _("Decide"),
        correction.get_absolute_url(),
        _("%(who)s proposed it and waits for an answer.") % {"who": correction.author},
        correction.created_at + DECIDED_IN,
        correction.reference,
    )


def _disputes(by: Powers) -> QuerySet[Any]:
    return _kept(Dispute.objects.filter(status=Dispute.Status.OPEN), by)


def _settle(dispute: Dispute, at: datetime) -> Row:
    told = {"about": dispute.about, "fact": label(dispute.kind, dispute.fact)}
    return Row(
        _("Settle where sources disagree: %(about)s, %(fact)s") % told,
        _("Look"),
        dispute.get_absolute_url(),
        _("Until then the register says what it said before."),
        at + SETTLED_IN,
        str(dispute),
        no_hurry=True,
    )


def _running_out(by: Powers) -> QuerySet[Any]:
    ties = Twinning.objects.running_out()
    if by.watches_all:
        return ties
    kept = mine(by, Power.EDIT_REGISTER)
    return ties.filter(Q(city_a__in=kept) | Q(city_b__in=kept))


def _renew(tie: Twinning, at: datetime) -> Row:
    last = tie.expires.last
    told = {"tie": tie, "day": known(tie.expires)}
    return Row(
        _("Renew the agreement %(tie)s, or let it end. It was agreed until: %(day)s") % told,
        _("Decide"),
        tie.get_absolute_url(),
        _("Once it has run out, nobody is asked through it."),
        datetime.combine(last, time.max, UTC) if last else at,
        str(tie),
    )


def _named_elsewhere(by: Powers) -> QuerySet[Any]:
    """People whom another city named: for their own city; where there is no one to do it, for who coordinates it."""
    looking_after = (Membership.Role.ADMINISTRATOR, Membership.Role.OFFICER)
    staffed = Membership.objects.active().filter(city__isnull=False, role__in=looking_after)
    own = staffed.filter(user=by.user_id)
    kept = Q() if by.watches_all else Q(city__in=mine(by, Power.KEEP_CONTACT))
    theirs = kept & (Q(city__in=own.values("city")) | ~Q(city__in=staffed.values("city")))
    return Contact.objects.named_elsewhere().filter(theirs)


def _confirm_place(contact: Contact, at: datetime) -> Row:
    told = {"named_by": contact.introduced_by, "who": contact, "city": contact.city}
    return Row(
        _("%(named_by)s named %(who)s as a contact in %(city)s. Confirm that they work there.") % told,
        _("Look"),
        contact.get_absolute_url(),
        _("Until then they are suggested only to the city that named them."),
        contact.created_at + DECIDED_IN,
        str(contact),
    )


KINDS = (
    Kind(_corrections, _decide, ("author", *ABOUT)),
    Kind(_disputes, _settle, ABOUT),
    Kind(_running_out, _renew, ("city_a", "city_b"), ("expires_on", "pk")),
    Kind(_named_elsewhere, _confirm_place, ("user", "city", "introduced_by")),
)
