"""Rules for a city's supplier status and for declared interests.

A person with a declared interest no longer reports on the supplier and decides nothing about it.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from partners.memberships.models import Membership
from partners.powers import Power
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.permissions import may_review_supplier
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of

EVERY_STATUS = frozenset(SupplierStatus.Status)


def _status_move(verb: str, label: LazyText, past: LazyText, target: str) -> Move[SupplierStatus]:
    return Move[SupplierStatus](
        verb=verb,
        label=label,
        past_tense=past,
        source=EVERY_STATUS,
        target=target,
        allowed=may_review_supplier,
        requires_reason=True,
    )


SET_STATUS = Move[SupplierStatus](
    verb="set_status",
    label=_("Set supplier status"),
    past_tense=_("set the supplier status"),
    allowed=may_review_supplier,
    requires_reason=True,
)
APPROVE = _status_move(
    "approve", _("Approve supplier"), _("approved the supplier"), SupplierStatus.Status.APPROVED
)
PUT_ON_WATCH = _status_move(
    "watch", _("Put supplier on watch"), _("put the supplier on watch"), SupplierStatus.Status.ON_WATCH
)
SUSPEND = _status_move(
    "suspend", _("Suspend supplier"), _("suspended the supplier"), SupplierStatus.Status.SUSPENDED
)
BAN = _status_move("ban", _("Ban supplier"), _("banned the supplier"), SupplierStatus.Status.BANNED)
SUPPLIER_STATUS_MOVES = Moves(SupplierStatus, SET_STATUS, APPROVE, PUT_ON_WATCH, SUSPEND, BAN, ends={})


def invalid_status_refusal(
    known: Iterable[SupplierStatus], status: str, *, starts_on: date, ends_on: date | None, today: date
) -> Refused | None:
    """Return the refusal for an invalid supplier status, with its field, else None.

    `known` are the city's earlier statuses, one for each row of the supplier. A city has one status of
    a supplier at a time, so the new one replaces the old. Therefore a stricter status must not be
    lifted unnoticed before the new one starts or after it ends.
    """
    if ends_on is not None and ends_on < starts_on:
        words = _("The status ends before it starts. Correct one of the dates.")
        return Refused("bad_day", words, field="ends_on")
    for one in known:
        if starts_on > today and one.is_in_force_on(today):
            words = _(
                "Until then, your city would have no status for this company, which is now “%(status)s”. "
                "Start the new status today, or enter it on that day."
            )
            return Refused("stands_today", words % {"status": one.get_status_display()}, field="starts_on")
        if (
            ends_on is not None
            and one.status not in (SupplierStatus.Status.APPROVED, status)
            and _ends_later(one, ends_on)
        ):
            words = _(
                "After that date, the status “%(status)s”, which lasts longer, would no longer "
                "apply. Leave the end date blank, or end “%(status)s” first."
            )
            return Refused("lasts_longer", words % {"status": one.get_status_display()}, field="ends_on")
    return None


def _ends_later(known: SupplierStatus, day: date) -> bool:
    return known.ends_on is None or known.ends_on > day


def may_declare(by: Actor, interest: InterestDeclaration) -> bool:
    """Return True for the person themself, by link or signed in, and for those who record it for them.

    The latter assign checks where the person works, or manage the person as a contact.
    """
    return by.user_id == interest.person_id or _works_with(by, interest)


def person_with_interest_refusal(by: Actor, *companies: int | None) -> Refused | None:
    """Return the refusal for an actor with a declared interest in one of these suppliers, else None."""
    if by.companies_with_interest.isdisjoint(companies):
        return None
    words = _("You declared an interest in this company, so someone else must decide.")
    return Refused(NOT_ALLOWED, words, show=True)


def contact_with_interest_refusal(
    contact: Contact, supplier: Supplier, maker_id: int | None
) -> Refused | None:
    """Return the refusal for a contact with an interest in the supplier or manufacturer, else None."""
    if not InterestDeclaration.objects.has_interest_in(contact.user_id, supplier.pk, maker_id):
        return None
    words = _("%(person)s has an interest in %(company)s, so someone else must report on it.")
    return not_ready_refusal(words % {"person": contact.user.name, "company": supplier}, field="contact")


def may_end_interest(by: Actor, interest: InterestDeclaration) -> bool:
    """Return True for those who assign checks where the person works, or manage them as a contact.

    No one ends their own interest.
    """
    return by.user_id != interest.person_id and _works_with(by, interest)


def _works_with(by: Actor, interest: InterestDeclaration) -> bool:
    """Return True if the actor assigns checks where the person works, or manages them as a contact.

    Other cities decide nothing here: an interest stops the person's own decisions, and the checks of
    the cities that ask them.
    """
    roles = Membership.objects.active().filter(user=interest.person_id, city__isnull=False)
    if by.cities_with(Power.ASSIGN_CHECK) & frozenset(roles.values_list("city", flat=True)):
        return True
    return any(by.may(Power.EDIT_CONTACT, one) for one in Contact.objects.filter(user=interest.person_id))


DECLARE_INTEREST = Move[InterestDeclaration](
    verb="declare",
    label=_("Declare an interest"),
    past_tense=_("declared an interest"),
    target=InterestDeclaration.Status.DECLARED,
    allowed=may_declare,
)
DECLARE_INTEREST_AGAIN = Move[InterestDeclaration](
    verb="declare_again",
    label=_("Declare interest again"),
    past_tense=_("declared the interest again"),
    source=one_of(InterestDeclaration.Status.ENDED),
    target=InterestDeclaration.Status.DECLARED,
    allowed=may_declare,
)
END_INTEREST = Move[InterestDeclaration](
    verb="end",
    label=_("End declared interest"),
    past_tense=_("noted that the interest no longer applies"),
    source=one_of(InterestDeclaration.Status.DECLARED),
    target=InterestDeclaration.Status.ENDED,
    allowed=may_end_interest,
    requires_reason=True,
    undo_verb="declare_again",
)
INTEREST_MOVES = Moves(InterestDeclaration, DECLARE_INTEREST, DECLARE_INTEREST_AGAIN, END_INTEREST, ends={})
