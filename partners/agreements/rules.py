"""Moves of an agreement, its confirmation by both sides, and the days of its reminders."""

import calendar
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import is_in_force
from partners.partial_dates import PartialDate, Precision
from partners.powers import may_edit_register_of
from workflow.actors import Actor
from workflow.days import utc_day
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of, system_only


def may_edit_agreement(by: Actor, agreement: TwinningAgreement) -> bool:
    """Return True for register editors of either side, and for coordinators of the network."""
    return may_edit_register_of(by, agreement.city_a_id, agreement.city_b_id)


def editable_sides(by: Actor, agreement: TwinningAgreement) -> tuple[bool, bool]:
    """Return whether the actor may edit the register of the first city, and of the second."""
    return may_edit_register_of(by, agreement.city_a_id), may_edit_register_of(by, agreement.city_b_id)


def may_confirm(by: Actor, agreement: TwinningAgreement) -> bool:
    """Return True for register editors of a side that has not confirmed the agreement."""
    first, second = editable_sides(by, agreement)
    return (first and not agreement.confirmed_a) or (second and not agreement.confirmed_b)


def may_ask_to_confirm(by: Actor, agreement: TwinningAgreement) -> bool:
    """Return True for register editors of the side that has confirmed, if the other has not."""
    first, second = editable_sides(by, agreement)
    return (first and agreement.confirmed_a and not agreement.confirmed_b) or (
        second and agreement.confirmed_b and not agreement.confirmed_a
    )


def confirm_sides(agreement: TwinningAgreement, by: Actor) -> None:
    """Confirm an agreement for the sides whose register the actor may edit.

    Once both sides have confirmed, `agreed_until` (the last day of the term confirmed before) is cleared.
    """
    first, second = editable_sides(by, agreement)
    agreement.confirmed_a = agreement.confirmed_a or first
    agreement.confirmed_b = agreement.confirmed_b or second
    if agreement.confirmed_a and agreement.confirmed_b:
        agreement.agreed_until = None


def unconfirm_extension(agreement: TwinningAgreement, before: TwinningAgreement, by: Actor, on: date) -> None:
    """Require a new confirmation by the other side if one side alone extended an agreement.

    This applies if the agreement (`before` the change) was not in force on the given date and now is, or if it now
    lasts longer. Until the other side confirms, the agreement gives rights only up to the end that both sides had
    confirmed, and none if it was not in force. An actor who may edit both sides confirms their own extension for
    both, but confirms nothing by other corrections.
    """
    is_unchanged = all(
        getattr(agreement, field) == getattr(before, field) for field in ("status", "signed", "expires")
    )
    new_end, old_end = agreement.expires.last_day, before.expires.last_day
    was_in_force = before.status == TwinningAgreement.Status.RECORDED and is_in_force(before, on)
    if (
        is_unchanged
        or agreement.status != TwinningAgreement.Status.RECORDED
        or (was_in_force and (old_end is None or (new_end is not None and new_end <= old_end)))
    ):
        return
    first, second = editable_sides(by, agreement)
    if first and second:
        confirm_sides(agreement, by)
        return
    if was_in_force and agreement.confirmed_a and agreement.confirmed_b:
        agreement.agreed_until = old_end
    elif not was_in_force:
        agreement.agreed_until = None
    agreement.confirmed_a, agreement.confirmed_b = first, second


def end_before_signature_refusal(agreement: TwinningAgreement) -> Refused | None:
    """Return a refusal if an agreement would certainly end before it was signed, otherwise None."""
    signed = agreement.signed
    if signed.first_day is None or signed.precision == Precision.BY_END_OF_MONTH:
        return None
    for field, end in (("expires", agreement.expires), ("on", agreement.ended)):
        if (
            end.last_day is not None
            and end.last_day < signed.first_day
            and end.precision != Precision.FROM_DATE
        ):
            message = _("The end date (%(end)s) cannot be before the date of signature (%(signed)s).")
            params = {"signed": signed.iso_text, "end": end.iso_text}
            return Refused("ends_before_signed", message % params, field=field)
    return None


ADD = Move[TwinningAgreement](
    verb="add",
    label=_("Add an agreement"),
    past_tense=_("recorded the agreement"),
    target=TwinningAgreement.Status.RECORDED,
    allowed=may_edit_agreement,
)
CORRECT = Move[TwinningAgreement](
    verb="correct",
    label=_("Correct details"),
    past_tense=_("corrected the agreement"),
    source=frozenset(TwinningAgreement.Status),
    allowed=may_edit_agreement,
    requires_reason=True,
)
SUSPEND = Move[TwinningAgreement](
    verb="suspend",
    label=_("Suspend agreement"),
    past_tense=_("suspended the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED),
    target=TwinningAgreement.Status.SUSPENDED,
    allowed=may_edit_agreement,
    requires_reason=True,
    undo_verb="resume",
)
RESUME = Move[TwinningAgreement](
    verb="resume",
    label=_("Resume agreement"),
    past_tense=_("resumed the agreement"),
    source=one_of(TwinningAgreement.Status.SUSPENDED),
    target=TwinningAgreement.Status.RECORDED,
    allowed=may_edit_agreement,
    requires_reason=True,
    undo_verb="suspend",
)
END = Move[TwinningAgreement](
    verb="end",
    label=_("End agreement"),
    past_tense=_("ended the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED, TwinningAgreement.Status.SUSPENDED),
    target=TwinningAgreement.Status.ENDED,
    allowed=may_edit_agreement,
    requires_reason=True,
    undo_verb="undo_end",
)
RENEW = Move[TwinningAgreement](
    verb="renew",
    label=_("Renew agreement"),
    past_tense=_("renewed the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED, TwinningAgreement.Status.ENDED),
    target=TwinningAgreement.Status.RECORDED,
    allowed=may_edit_agreement,
    requires_reason=True,
)
UNDO_END = Move[TwinningAgreement](
    verb="undo_end",
    label=_("Reinstate agreement"),
    past_tense=_("reinstated the agreement"),
    source=one_of(TwinningAgreement.Status.ENDED),
    target=TwinningAgreement.Status.RECORDED,
    allowed=may_edit_agreement,
    requires_reason=True,
)
CONFIRM = Move[TwinningAgreement](
    verb="confirm",
    label=_("Confirm agreement"),
    past_tense=_("confirmed the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED),
    allowed=may_confirm,
)
ASK_TO_CONFIRM = Move[TwinningAgreement](
    verb="ask_to_confirm",
    label=_("Ask the other city to confirm"),
    past_tense=_("asked the other city to confirm the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED),
    allowed=may_ask_to_confirm,
)
REMIND = Move[TwinningAgreement](
    verb="remind",
    label=_("Send expiry reminder"),
    past_tense=_("sent an expiry reminder for the agreement"),
    source=one_of(TwinningAgreement.Status.RECORDED),
    allowed=system_only,  # only the periodic job does
    allowed_for_system=True,
)

MOVES = Moves(
    TwinningAgreement,
    ADD,
    CONFIRM,
    ASK_TO_CONFIRM,
    CORRECT,
    SUSPEND,
    RESUME,
    END,
    RENEW,
    UNDO_END,
    REMIND,
    ends={},
)

REMINDER_MONTHS = (6, 1)  # before the last day, in order of the reminders
MAX_REMINDER_LEAD_TIME = timedelta(
    days=31 * REMINDER_MONTHS[0] + 1
)  # no reminder is due earlier than this before the last day
MAX_DATE_UNCERTAINTY = timedelta(
    days=366
)  # a date known to its year is stored as 1 January and ends on 31 December


def reminder_days(expires: PartialDate) -> tuple[date, ...]:
    """Return the dates of the reminders of an agreement; none if it does not expire.

    An expiry "2021" means the end of that year, "2021-06" the end of that month.
    """
    last = expires.last_day
    return () if last is None else tuple(months_before(last, number) for number in REMINDER_MONTHS)


def due_reminder_count(expires: PartialDate, at: datetime) -> int:
    """Return how many of the reminders are due at a time: 0, 1 or 2.

    After the last day, none is due: the page shows that the agreement has expired. Dates are in UTC, because
    an agreement belongs to two cities. The e-mail waits for the working hours of its reader.
    """
    last, today = expires.last_day, utc_day(at)
    if last is None or last < today:
        return 0
    return sum(day <= today for day in reminder_days(expires))


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
