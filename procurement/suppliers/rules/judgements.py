"""What a city thinks of a company, and whom a company concerns: they report on it no more, and decide nothing about it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact, Membership
from partners.roles import Power
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.suppliers.rules.rights import may_check
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused, Words
from workflow.moves import Move, Moves, one_of

ANY_STANDING = one_of(
    Standing.Status.APPROVED, Standing.Status.WATCHED, Standing.Status.SUSPENDED, Standing.Status.BANNED
)


def _standing(verb: str, label: Words, past: Words, target: str) -> Move[Standing]:
    return Move[Standing](
        verb=verb,
        label=label,
        past=past,
        source=ANY_STANDING,
        target=target,
        allowed=may_check,
        reason=True,
    )


JUDGE = Move[Standing](
    verb="judge", label=_("Judge the company"), past=_("judged the company"), allowed=may_check, reason=True
)
APPROVE = _standing("approve", _("Approve"), _("approved the company"), Standing.Status.APPROVED)
WATCH = _standing("watch", _("Watch"), _("put the company on watch"), Standing.Status.WATCHED)
SUSPEND = _standing("suspend", _("Suspend"), _("suspended the company"), Standing.Status.SUSPENDED)
BAN = _standing("ban", _("Ban"), _("banned the company"), Standing.Status.BANNED)
STANDING_MOVES = Moves(Standing, JUDGE, APPROVE, WATCH, SUSPEND, BAN, ends={})


def fault(
    known: Iterable[Standing], status: str, *, starts_on: date, ends_on: date | None, today: date
) -> Refused | None:
    """What is wrong with a judgement, with its field; None where nothing is. `known` is what the city said before, of each row.

    A city says one thing of a company at a time, so what it says now takes the place of that: nothing harder is lifted by the way,
    before the new word begins or after it ends.
    """
    if ends_on is not None and ends_on < starts_on:
        words = _("The judgement ends before it begins. Correct one of the two days.")
        return Refused("bad_day", words, field="ends_on")
    for one in known:
        if starts_on > today and one.holds_on(today):
            words = _(
                "Until that day your city would think nothing of the company, and it thinks “%(status)s” now. Judge it from today "
                "on, or on that day."
            )
            return Refused("stands_today", words % {"status": one.get_status_display()}, field="starts_on")
        if (
            ends_on is not None
            and one.status not in (Standing.Status.APPROVED, status)
            and _outlasts(one, ends_on)
        ):
            words = _(
                "After that day nothing would be left of “%(status)s”, which lasts longer. Leave the end open; or give “%(status)s” "
                "an end first."
            )
            return Refused("lasts_longer", words % {"status": one.get_status_display()}, field="ends_on")
    return None


def _outlasts(known: Standing, day: date) -> bool:
    return known.ends_on is None or known.ends_on > day


def may_declare(by: Actor, interest: Interest) -> bool:
    """The person themself, by their link or signed in; and who gives checks out where they work, who was told."""
    return by.user_id == interest.person_id or _works_with(by, interest)


def uninvolved(by: Actor, *companies: int | None) -> Refused | None:
    """Why somebody decides nothing about these companies: they declared an interest in one. None where they did not."""
    if by.concerned.isdisjoint(companies):
        return None
    words = _("You declared an interest in this company, so somebody else decides about it.")
    return Refused(NOT_ALLOWED, words, show=True)


def may_end(by: Actor, interest: Interest) -> bool:
    """Who gives checks out where the person works, or keeps them as a contact: nobody takes their own interest back."""
    return by.user_id != interest.person_id and _works_with(by, interest)


def _works_with(by: Actor, interest: Interest) -> bool:
    """Whether somebody gives checks out in a city the person works for, or looks after the contacts where the person is one.

    Other cities decide nothing here: it closes the person's own decisions, and the checks of the cities that ask them.
    """
    roles = Membership.objects.active().filter(user=interest.person_id, city__isnull=False)
    if by.where(Power.ASSIGN_CHECK) & frozenset(roles.values_list("city", flat=True)):
        return True
    return any(by.may(Power.KEEP_CONTACT, one) for one in Contact.objects.filter(user=interest.person_id))


DECLARE = Move[Interest](
    verb="declare",
    label=_("Declare an interest"),
    past=_("declared an interest"),
    target=Interest.Status.DECLARED,
    allowed=may_declare,
)
DECLARE_AGAIN = Move[Interest](
    verb="declare_again",
    label=_("Declare it again"),
    past=_("declared the interest again"),
    source=one_of(Interest.Status.ENDED),
    target=Interest.Status.DECLARED,
    allowed=may_declare,
)
END = Move[Interest](
    verb="end",
    label=_("No longer so"),
    past=_("noted that the interest is over"),
    source=one_of(Interest.Status.DECLARED),
    target=Interest.Status.ENDED,
    allowed=may_end,
    reason=True,
)
INTEREST_MOVES = Moves(Interest, DECLARE, DECLARE_AGAIN, END, ends={})
