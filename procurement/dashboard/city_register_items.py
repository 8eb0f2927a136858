"""Rows of the start page (“Today”) about the city register: corrections, disputes, expiring agreements, new contacts."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.contacts.models import Contact
from partners.contacts.rules import CONFIRM_WORKPLACE
from partners.corrections.correctable_facts import fact_label
from partners.corrections.models import ENTRY_RELATIONS, Correction
from partners.disputes.models import Dispute
from partners.memberships.models import Membership
from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.templatetags.partners import partial_date_text
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from workflow.http.move_views import MoveOption

DECISION_TIME = timedelta(days=3)
SETTLEMENT_TIME = timedelta(
    days=14
)  # counted from now, so that this row never precedes a row that a person waits for


def _corrections(by: Permissions) -> QuerySet[Any]:
    return _maintained_by_reader(Correction.objects.undecided(), by)


def _maintained_by_reader(rows: QuerySet[Any], by: Permissions) -> QuerySet[Any]:
    """Return the rows about a fact of which the reader maintains one side."""
    if by.oversees_all_cities:
        return rows
    kept = cities_with_power(by, Power.EDIT_REGISTER)
    return rows.filter(Q(side_a__in=kept) | Q(side_b__in=kept))


def _correction_item(correction: Correction, at: datetime) -> TodoItem:
    params = {"about": correction.register_entry, "fact": fact_label(correction.entry_model, correction.fact)}
    return TodoItem(
        _("Review a correction to %(about)s: %(fact)s") % params,
        _("Review correction"),
        correction.get_absolute_url(),
        _("%(who)s proposed this correction and is waiting for an answer.") % {"who": correction.author},
        correction.created_at + DECISION_TIME,
        correction.reference,
    )


def _disputes(by: Permissions) -> QuerySet[Any]:
    return _maintained_by_reader(Dispute.objects.filter(status=Dispute.Status.OPEN), by)


def _settle_item(dispute: Dispute, at: datetime) -> TodoItem:
    params = {"about": dispute.register_entry, "fact": fact_label(dispute.entry_model, dispute.fact)}
    return TodoItem(
        _("Resolve conflicting sources: %(about)s, %(fact)s") % params,
        _("Compare sources"),
        dispute.get_absolute_url(),
        _("Until then, the register keeps the earlier information."),
        at + SETTLEMENT_TIME,
        str(dispute),
        is_not_urgent=True,
    )


def _expiring_agreements(by: Permissions) -> QuerySet[Any]:
    agreements = TwinningAgreement.objects.expiring_soon()
    if by.oversees_all_cities:
        return agreements
    kept = cities_with_power(by, Power.EDIT_REGISTER)
    return agreements.filter(Q(city_a__in=kept) | Q(city_b__in=kept))


def _expiring_agreement_item(agreement: TwinningAgreement, at: datetime) -> TodoItem:
    last = agreement.expires.last_day
    params = {"tie": agreement, "day": partial_date_text(agreement.expires)}
    return TodoItem(
        _("Renew the agreement %(tie)s or let it end. Valid until: %(day)s") % params,
        _("Review agreement"),
        agreement.get_absolute_url(),
        _("Once the agreement expires, no contact can be asked under it."),
        datetime.combine(last, time.max, UTC) if last else at,
        str(agreement),
    )


def _contacts_to_confirm(by: Permissions) -> QuerySet[Any]:
    """Return contacts named by another city, for their own city to confirm.

    If that city has no administrator or officer, its coordinator confirms them.
    """
    looking_after = (Membership.Role.ADMINISTRATOR, Membership.Role.OFFICER)
    staffed = Membership.objects.active().filter(city__isnull=False, role__in=looking_after)
    own = staffed.filter(user=by.user_id)
    kept = Q() if by.oversees_all_cities else Q(city__in=cities_with_power(by, Power.EDIT_CONTACT))
    theirs = kept & (Q(city__in=own.values("city")) | ~Q(city__in=staffed.values("city")))
    return Contact.objects.named_by_other_city().filter(theirs)


def _new_contact_item(contact: Contact, at: datetime) -> TodoItem:
    params = {"named_by": contact.introduced_by, "who": contact, "city": contact.city}
    return TodoItem(
        _("%(named_by)s added %(who)s as a contact in %(city)s. Confirm that they work there.") % params,
        _("Review contact"),
        contact.get_absolute_url(),
        _("Until then, this person is suggested only to the city that named them."),
        contact.created_at + DECISION_TIME,
        str(contact),
    )


CITY_REGISTER_TODO_KINDS = (
    TodoKind(
        "corrections",
        _("Corrections to review"),
        _corrections,
        _correction_item,
        ("author", *ENTRY_RELATIONS),
    ),
    TodoKind("disputes", _("Conflicting sources"), _disputes, _settle_item, ENTRY_RELATIONS),
    TodoKind(
        "agreements",
        _("Agreements to renew"),
        _expiring_agreements,
        _expiring_agreement_item,
        ("city_a", "city_b"),
        order=("expires_on", "pk"),
        waiting_since_field="",
    ),
    TodoKind(
        "named_elsewhere",
        _("Contacts to confirm"),
        _contacts_to_confirm,
        _new_contact_item,
        ("user", "city", "introduced_by"),
        row_action=MoveOption(CONFIRM_WORKPLACE),
    ),
)
