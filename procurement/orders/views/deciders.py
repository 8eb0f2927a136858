"""Words for the person who decides on an order: its author below the approval limit, else an approver."""

from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from partners.cities.models import City
from partners.memberships.queries import approvers_of
from workflow.formatting import format_money

NAMED = 2  # approvers named in a sentence or on a button; more of them are "an approver"


class Decider:
    """Who decides on the orders of one author in a city. The approvers are read at most once, when needed."""

    def __init__(self, city: City, author_id: int | None) -> None:
        self.city, self.author_id = city, author_id

    @cached_property
    def names(self) -> str:
        """Names of the city's approvers without the author, or “an approver”."""
        names = [str(one) for one in approvers_of(self.city.pk, without=self.author_id)]
        if not 1 <= len(names) <= NAMED:
            return _("an approver")
        both = _("%(one)s or %(other)s")
        return both % {"one": names[0], "other": names[1]} if len(names) > 1 else names[0]

    def is_needed(self, amount: Decimal | None) -> bool:
        """Return True if an order of this amount, in the city's currency, needs an approver.

        Always True if the city has set no limit, or if the amount is unknown, as in `rules.blockers.is_above_limit`.
        """
        limit = self.city.approval_limit
        return limit is None or amount is None or amount > limit

    def sentence(self, amount: Decimal | None) -> str:
        """Return the sentence that says who decides on an order of this amount, in the city's currency."""
        if not self.is_needed(amount):
            return _("You can place this order yourself.")
        if self.city.approval_limit is None:
            return _("This order needs approval by %(who)s.") % {"who": self.names}
        words = _("This order needs approval by %(who)s (approval limit: %(limit)s).")
        limit = format_money(self.city.approval_limit, self.city.currency)
        return words % {"who": self.names, "limit": limit}
