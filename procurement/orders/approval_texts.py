"""Texts that name the person who decides on an order.

It is the author below the approval limit, else an approver.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from partners.cities.models import City
from partners.memberships.queries import approver_names
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.orders.rules.blockers import exceeds_approval_limit, sum_or_none
from workflow.formatting import format_money


class CountedOrders(NamedTuple):
    """Orders that count together against the approval limit: each with its total in the city's currency."""

    orders: Sequence[tuple[str, Decimal | None]]

    def total_with(self, amount: Decimal | None) -> Decimal | None:
        """Return their sum with another amount, or None if one is unknown."""
        return sum_or_none([amount, *(total for _reference, total in self.orders)])

    @property
    def joined_references(self) -> str:
        """References of the orders, joined by commas."""
        return ", ".join(reference for reference, _total in self.orders)


class Decider:
    """Who decides on the orders of one author in a city. The approvers are read at most once, when needed."""

    def __init__(self, city: City, author_id: int | None) -> None:
        self.city, self.author_id = city, author_id

    def orders_counted_with(self, leads: Iterable[SupplierLead], at: datetime) -> CountedOrders:
        """Return the orders that a new order of these offers counts with. One query, and one for each company."""
        companies = {
            company for lead in leads for company in (lead.supplier, lead.maker) if company is not None
        }
        rows = {row for company in companies for row in company.row_ids}
        since = at - timedelta(days=self.city.approval_days)
        found = Order.objects.counted_together(self.city, rows, since)
        return CountedOrders(list(found.values_list("reference", "total_in_city_currency")))

    @cached_property
    def approver_names(self) -> str:
        """Names of the city's approvers without the author, or “an approver”."""
        return approver_names(self.city.pk, excluded=[self.author_id])

    def is_needed(self, amount: Decimal | None, others: CountedOrders) -> bool:
        """Return True if an order of this amount, in the city's currency, needs an approver.

        `others`: orders that count with it.
        """
        return exceeds_approval_limit(self.city, amount) or exceeds_approval_limit(
            self.city, others.total_with(amount)
        )

    def decider_sentence(self, amount: Decimal | None, others: CountedOrders) -> str:
        """Return the sentence that says who decides on an order of this amount, in the city's currency."""
        if not self.is_needed(amount, others):
            return _("You can place this order yourself.")
        if self.city.approval_limit is None:
            return _("This order needs approval by %(who)s.") % {"who": self.approver_names}
        limit = format_money(self.city.approval_limit, self.city.currency)
        if exceeds_approval_limit(self.city, amount):
            words = _("This order needs approval by %(who)s (approval limit: %(limit)s).")
            return words % {"who": self.approver_names, "limit": limit}
        words = _(
            "Together with %(others)s to the same company, this order needs approval by %(who)s (approval limit: %(limit)s)."
        )
        return words % {"others": others.joined_references, "who": self.approver_names, "limit": limit}
