"""Actions on unsolicited offers: a city accepts or declines one, and a coordinator passes one on to a city."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.actions.counters import recalculate_offered_totals
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import convert_price, require_valid_need_line
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.unsolicited import ACCEPT, DECLINE, PASS_ON
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request
from procurement.requests.models import RequestLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action


@register_action(ACCEPT)
def accept_unsolicited(
    lead: SupplierLead,
    *,
    line: RequestLine | None = None,
    accepted_by: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierLead:
    """Accept an unsolicited offer for review. The person who accepts it is responsible for it from then on.

    `line`: the need line for which it comes, if the contact named none. A donation without one gets a line of its
    own, in a new need, which the officer completes and posts. Refuses a line of another city or for other goods.
    """
    with transaction.atomic():
        with ACCEPT.apply_to(lead, by=by, at=at) as row:
            row.accepted_by = accepted_by
            if row.line is None:
                row.line = line
            if row.line is None and row.kind == SupplierLead.Kind.DONATION:
                row.line = _line_for(row, accepted_by, by, at)
            require_valid_need_line(row, at)
        rescreen_lead(lead, at=at)
    return lead


@register_action(DECLINE)
def decline_unsolicited(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Decline an unsolicited offer. Its contact is thanked."""
    with transaction.atomic():
        with DECLINE.apply_to(lead, by=by, at=at):
            pass
        recalculate_offered_totals(lead)
    return lead


@register_action(PASS_ON)
def pass_on_unsolicited(lead: SupplierLead, *, city: City, by: Actor, at: datetime) -> SupplierLead:
    """Pass an unsolicited offer that no city has yet on to a city. Refuses the contact's own city."""
    with transaction.atomic():
        with PASS_ON.apply_to(lead, by=by, at=at, to=city.slug) as row:
            if city.pk == row.city_id:
                words = _("That is the contact’s own city. Choose the city that may need the goods.")
                raise Refused("own_city", words, field="city")
            row.city = city
            convert_price(row, at)
        rescreen_lead(lead, at=at)
    return lead


def _line_for(lead: SupplierLead, author: ActingUser, by: Actor, at: datetime) -> RequestLine:
    """Return the line of a new need for a donation that answers none."""
    title = _("Donation: %(product)s from %(supplier)s")
    facts = LineFacts(
        product=lead.product,
        quantity=lead.supply,
        standards=[lead.standard] if lead.standard is not None else [],
    )
    need = draft_request(
        lead.city,
        title=str(title % {"product": lead.product.name, "supplier": lead.supplier.name})[:160],
        author=author,
        lines=[facts],
        accepts=[AcquisitionType.DONATION],
        by=by,
        at=at,
    )
    return need.lines.get()
