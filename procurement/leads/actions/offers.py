"""An offer as it is told: entered, sent in, changed, shared. The only writer of what it says; each change is screened."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from partners.models.cities import City
from procurement.leads.actions.counters import to_be_rechecked
from procurement.leads.actions.findings import look_again
from procurement.leads.gathering import files
from procurement.leads.gathering.landed import entered
from procurement.leads.models.offer import SupplierLead
from procurement.leads.money import EIGHT_PLACES, convert
from procurement.leads.rules import facts, leads
from procurement.leads.rules.facts import VERIFIED_FACTS, least_order, too_dear
from procurement.outreach.actions import answering
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.companies import note_change
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked
from workflow.tongues import Figure


def draft(city: City, *, author: User, by: Actor, at: datetime, **facts: Any) -> SupplierLead:
    """Enter an offer for a city. Refuses a line of another city, and what no offer can say (`rules.facts.fault`), with its field."""
    lead = SupplierLead(city=city, author=author, **facts)
    _check_facts(lead)
    with transaction.atomic():
        _derive(lead, at)
        _check_least(lead)
        return leads.DRAFT.start(lead, by=by, at=at)


def offer(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Send the offer in: it is screened at once and counts for its line. Refuses one that says nothing of how much there is."""
    with transaction.atomic():
        with leads.OFFER.on(lead, by=by, at=at):
            pass
        look_again(lead, at=at)
        if lead.findings.filter(code="file_elsewhere").exists():
            for other in files.elsewhere(lead.supplier):  # their offers are to say so as well
                note_change(other, at)
    return lead


def answer(inquiry: Inquiry, *, author: User, by: Actor, at: datetime, **facts: Any) -> SupplierLead:
    """A contact's offer in answer to a question: entered and sent in one go, and the question is answered."""
    with transaction.atomic():
        lead = draft(
            inquiry.city, author=author, inquiry=inquiry, contact=inquiry.contact, by=by, at=at, **facts
        )
        offer(lead, by=by, at=at)
        answering.answer(inquiry, by=by, at=at)
    return lead


def change(lead: SupplierLead, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> SupplierLead:
    """Change an offer's facts. Where they were checked they are checked anew; a verified lead goes back to checking at once.

    Refuses a change that would leave less than what is allocated: that is `allocations.actions.cut`.
    """
    with transaction.atomic():
        here = locked(lead)
        other = {name for name, value in facts.items() if getattr(here, name) != value}
        checked = other & VERIFIED_FACTS
        move = leads.EDIT
        if here.status == SupplierLead.Status.VERIFIED:
            move = leads.CHANGE if checked else leads.REMARK
        with move.on(lead, by=by, at=at, reason=reason) as row:
            for name, value in facts.items():
                setattr(row, name, value)
            _check_facts(row, other)
            _derive(row, at, was=here)
            if "min_order_quantity" in other:
                _check_least(row)
            if row.status in SupplierLead.CHECKED:
                to_be_rechecked(row, checked)
        look_again(lead, at=at)
    return lead


def share(lead: SupplierLead, *, city: City, by: Actor, at: datetime) -> SupplierLead:
    """Let another city see this offer. Refuses the city it was offered to."""
    with leads.SHARE.on(lead, by=by, at=at, shared_with=city.slug) as row:
        if city.pk == row.city_id:
            raise Refused("own_city", _("The offer is that city's own."), field="city")
        row.shared_with.add(city)
    return lead


def company_changed(lead: SupplierLead, facts: Sequence[str]) -> None:
    """What the offer's checks rest on changed with its company (company, certificates, account). Called under the lead's lock."""
    row = locked(lead)
    if row.status in SupplierLead.CHECKED:
        to_be_rechecked(row, facts)
        row.save(update_fields=["recheck", "changed_facts"])


def name_anew(lead: SupplierLead) -> None:
    """Let the offer be found by the names its company has now, whatever became of the offer. Called by the tick; nothing is decided."""
    with transaction.atomic():
        row = locked(lead)
        row.named = facts.names(row)
        row.save(update_fields=["named", "search"])


def _check_facts(lead: SupplierLead, changed: Container[str] = facts.MAKING) -> None:
    line: RequestLine | None = lead.line
    if line is not None and line.city_id != lead.city_id:
        raise Refused("another_city", _("The line belongs to another city."), field="line")
    if line is not None and line.product_id != lead.product_id and not line.alternatives_allowed:
        words = _("The line asks for %(asked)s and takes no other goods.")
        raise Refused("another_product", words % {"asked": line.product}, field="product")
    if (fault := facts.fault(lead, changed)) is not None:
        raise fault


def _check_least(lead: SupplierLead) -> None:
    if (no := least_order(lead)) is not None:
        raise no


def _derive(lead: SupplierLead, at: datetime, was: SupplierLead | None = None) -> None:
    """Work out what follows from the facts: the supply and its end, the names it is found by, the price in the city's currency.

    `was`: the offer before it was changed.
    """
    lead.supply = facts.supply(
        lead.stock_quantity, lead.capacity_per_day, lead.ready_on, lead.available_until
    )
    followed = was is not None and was.valid_until == was.available_until == lead.valid_until
    if lead.capacity_per_day and not lead.stock_quantity and (lead.valid_until is None or followed):
        lead.valid_until = lead.available_until  # what is still to be made is offered as long as it is made
    if lead.supply < lead.allocated:
        words = ngettext_lazy(
            "%(allocated)s piece is allocated already. Cut the allocation first.",
            "%(allocated)s pieces are allocated already. Cut the allocations first.",
            lead.allocated,
        )
        figures = {"allocated": Figure(lead.allocated)}
        raise Refused("not_enough_supply", words % figures, **figures)
    lead.named = facts.names(lead)
    _convert(lead, at)


def _convert(lead: SupplierLead, at: datetime) -> None:
    """The price in the city's currency, with the rate it was reckoned at, that rate's day and who said so."""
    lead.price_here, lead.rate_on, lead.rate, lead.rate_source = None, None, None, ""
    if lead.unit_price is None or not lead.currency or not lead.city.currency:
        return
    known = entered(lead.city)
    lead.price_here, rate = convert(
        lead.unit_price, lead.currency, lead.city.currency, lead.city.day_at(at), known
    )
    if lead.price_here > facts.MOST_PRICE:
        raise too_dear()
    lead.rate, lead.rate_on, lead.rate_source = rate.rate.quantize(EIGHT_PLACES), rate.on, rate.source
