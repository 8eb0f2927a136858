"""Actions on the facts of an offer: enter, send, change, share. No other module writes them.

Each change is screened.
"""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import ActingUser
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.powers import Power
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.counters import mark_for_recheck, recalculate_offered_totals
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.currency_conversion import EIGHT_PLACES, convert
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import manual_rates
from procurement.leads.queries.reached_cities import contact_offer_refusal
from procurement.leads.queries.shared_files import companies_sharing_files
from procurement.leads.rules import lead_facts, leads
from procurement.leads.rules.lead_facts import (
    VERIFIED_FACTS,
    first_day_of_production,
    invalid_lead_refusal,
    minimum_above_supply_refusal,
    price_too_high_refusal,
    search_names,
    total_supply,
)
from procurement.leads.rules.leads import may_review, may_verify
from procurement.leads.screening.certificates import FILE_SHARED
from procurement.outreach.actions.replies import reaffirm_offers, record_answer
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.inquiries import RECORD_ANSWER
from procurement.outreach.rules.lines import unasked_line_refusal
from procurement.requests.alternatives.queries import accepted_goods
from procurement.requests.alternatives.rules import unaccepted_product_refusal
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.suppliers import request_rescreening
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused, raise_refusal
from workflow.i18n import LocalizedCount
from workflow.moves import register_action, select_locked

GOODS_FACTS = frozenset({"line", "product", "standard"})  # facts that a need line accepts or not
ASSUMED_VALIDITY_DAYS = 30  # days, in a city that has set none


class GoodsFacts(TypedDict, total=False):
    """Facts of a new offer, without its supplier. Prices and costs are in the offer's currency."""

    line: RequestLine | None
    product: Required[Product]
    standard: Standard | None
    model: str
    maker: Supplier | None
    kind: str
    stock_quantity: int
    stock_place: str
    capacity_per_day: int
    min_order_quantity: int
    ready_on: date | None
    available_until: date | None
    unit_price: Decimal | None
    currency: str
    incoterm: str
    incoterm_place: str
    lead_days: int | None
    air_days: int | None
    sea_days: int | None
    air_freight: Decimal | None
    sea_freight: Decimal | None
    carton_pieces: int | None
    carton_kg: Decimal | None
    carton_litres: Decimal | None
    pallet_cartons: int | None
    insurance_percent: Decimal | None
    inspection_cost: Decimal | None
    prepayment_percent: int | None
    payment_terms: str
    sample_available: bool | None
    reference_customers: list[str]
    valid_until: date | None
    declared_use: str
    referred_by: list[str]
    remark: str


class LeadFacts(GoodsFacts, total=False):
    """Facts of a new offer, with its supplier."""

    supplier: Required[Supplier]


@dataclass(frozen=True, kw_only=True)
class LeadEdit(Edit):
    """Facts of an offer to change. Its supplier never changes."""

    line: RequestLine | Unset | None = UNSET
    product: Product | Unset = UNSET
    standard: Standard | Unset | None = UNSET
    model: str | Unset = UNSET
    maker: Supplier | Unset | None = UNSET
    kind: str | Unset = UNSET
    stock_quantity: int | Unset = UNSET
    stock_place: str | Unset = UNSET
    capacity_per_day: int | Unset = UNSET
    min_order_quantity: int | Unset = UNSET
    ready_on: date | Unset | None = UNSET
    available_until: date | Unset | None = UNSET
    unit_price: Decimal | Unset | None = UNSET
    currency: str | Unset = UNSET
    incoterm: str | Unset = UNSET
    incoterm_place: str | Unset = UNSET
    lead_days: int | Unset | None = UNSET
    air_days: int | Unset | None = UNSET
    sea_days: int | Unset | None = UNSET
    air_freight: Decimal | Unset | None = UNSET
    sea_freight: Decimal | Unset | None = UNSET
    carton_pieces: int | Unset | None = UNSET
    carton_kg: Decimal | Unset | None = UNSET
    carton_litres: Decimal | Unset | None = UNSET
    pallet_cartons: int | Unset | None = UNSET
    insurance_percent: Decimal | Unset | None = UNSET
    inspection_cost: Decimal | Unset | None = UNSET
    prepayment_percent: int | Unset | None = UNSET
    payment_terms: str | Unset = UNSET
    sample_available: bool | Unset | None = UNSET
    reference_customers: list[str] | Unset = UNSET
    valid_until: date | Unset | None = UNSET
    declared_use: str | Unset = UNSET
    referred_by: list[str] | Unset = UNSET
    remark: str | Unset = UNSET


@register_action(leads.DRAFT)
def draft_lead(
    city: City | None = None,
    *,
    author: ActingUser,
    inquiry: Inquiry | None = None,
    contact: Contact | None = None,
    by: Actor,
    at: datetime,
    **facts: Unpack[LeadFacts],
) -> SupplierLead:
    """Enter an offer for a city.

    Without a city, an unsolicited offer of a contact waits at the contact's own city for a coordinator to pass it
    on. Production without a first day begins today. Refuses a need line of another city, impossible facts
    (`invalid_lead_refusal`), a city that the contact cannot reach (`contact_offer_refusal`), and a line that the inquiry
    is not about (`unasked_line_refusal`), naming the field.
    """
    if city is None:
        if contact is None:
            raise Refused("city_missing", _("Choose the city to which the goods are offered."), field="city")
        city = contact.city
    lead = SupplierLead(city=city, author=author, inquiry=inquiry, contact=contact, **facts)
    lead.ready_on = first_day_of_production(lead, city.day_at(at))
    require_valid_need_line(lead, at)
    raise_refusal(unasked_line_refusal(inquiry, lead.line))
    _check_facts(lead)
    with transaction.atomic():
        _set_derived_facts(lead, at)
        _check_minimum_order(lead)
        drafted = leads.DRAFT.create(lead, by=by, at=at)
        if (
            contact is not None
            and by.user_id == contact.user_id
            and city.pk not in by.cities_with(Power.OFFER_LEAD)
        ):
            raise_refusal(contact_offer_refusal(lead))
        return drafted


@register_action(leads.SUBMIT)
def submit_lead(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Send the offer: screen it at once and count it for its need line. Refuses one without a quantity."""
    with transaction.atomic():
        with leads.SUBMIT.apply_to(lead, by=by, at=at) as row:
            assume_validity(row, at)
        rescreen_lead(lead, at=at)
        if lead.findings.filter(code=FILE_SHARED.code).exists():
            for other in companies_sharing_files(lead.supplier):  # their offers need the same finding
                request_rescreening(other, at)
    return lead


@register_action(RECORD_ANSWER)
def submit_answer(
    inquiry: Inquiry,
    *,
    further: Sequence[GoodsFacts] = (),
    author: ActingUser,
    by: Actor,
    at: datetime,
    **facts: Unpack[LeadFacts],
) -> SupplierLead:
    """Enter and send a contact's offer in answer to an inquiry, and mark the inquiry as answered.

    `further` are other goods of the same supplier: an offer each, in the same answer. Returns the first offer.
    """
    asked: dict[str, Any] = {"author": author, "inquiry": inquiry, "contact": inquiry.contact}
    with transaction.atomic():
        lead = draft_lead(inquiry.city, by=by, at=at, **asked, **facts)
        submit_lead(lead, by=by, at=at)
        for place, goods in enumerate(further):
            with _naming_field_in(f"further.{place}."):
                more = draft_lead(inquiry.city, supplier=facts["supplier"], by=by, at=at, **asked, **goods)
                submit_lead(more, by=by, at=at)
        record_answer(inquiry, 1 + len(further), by=by, at=at)
    return lead


@contextmanager
def _naming_field_in(place: str) -> Iterator[None]:
    """Name the field of a refusal by its path in a body with several offers."""
    try:
        yield
    except Refused as refused:
        if "field" in refused.details:
            refused.details["field"] = f"{place}{refused.details['field']}"
        raise


@register_action(leads.EDIT, leads.CHANGE_VERIFIED_FACT, leads.CHANGE_REMARK)
def change_lead(
    lead: SupplierLead, edit: LeadEdit, *, by: Actor, at: datetime, reason: str = ""
) -> SupplierLead:
    """Change facts of an offer. Checks that rest on them open again; a verified offer is reopened at once.

    Refuses a change that would leave less than the allocated quantity; for that, use
    `allocations.actions.reduce_lead`. Refuses the contact another line of the need than those that they were asked about.
    """
    with transaction.atomic():
        here = select_locked(lead)
        other = {name for name, value in edit.changes().items() if getattr(here, name) != value}
        checked = other & VERIFIED_FACTS
        move = leads.EDIT
        if here.status == SupplierLead.Status.VERIFIED:
            move = leads.CHANGE_VERIFIED_FACT if checked else leads.CHANGE_REMARK
        with move.apply_to(lead, by=by, at=at, reason=reason) as row:
            edit.apply_to(row)
            if "valid_until" in other:
                row.valid_until_assumed = False
            if not other.isdisjoint(lead_facts.PRODUCTION_FACTS):
                row.ready_on = first_day_of_production(row, row.city.day_at(at))
            if not GOODS_FACTS.isdisjoint(other):
                _check_changed_goods(row, other, by, at)
            _check_facts(row, other)
            _set_derived_facts(row, at, was=here)
            if row.is_live:
                assume_validity(row, at)
            if "min_order_quantity" in other:
                _check_minimum_order(row)
            if row.status in SupplierLead.CHECKED_STATUSES:
                mark_for_recheck(row, checked)
        rescreen_lead(lead, at=at)
    return lead


def _check_changed_goods(row: SupplierLead, changed: Container[str], by: Actor, at: datetime) -> None:
    """Refuse a need line that does not fit the goods, and a line that the contact was not asked about.

    The city may file an offer under any of its lines.
    """
    require_valid_need_line(row, at)
    if "line" in changed and not may_review(by, row):
        raise_refusal(unasked_line_refusal(row.inquiry, row.line))


def assume_validity(lead: SupplierLead, at: datetime) -> None:
    """Set the last day of an offer that states none, by the validity that its city assumes. Does not save."""
    days = lead.city.offer_validity_days
    if lead.valid_until is None and days is not None:
        lead.valid_until = lead.city.day_at(at) + timedelta(days=days)
        lead.valid_until_assumed = True


@register_action(leads.EXTEND)
def extend_lead(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Extend an offer that is still valid by the number of days that its city assumes, counted from today.

    In a city without such a number, by thirty days. Refuses an offer that has more than seven days left.
    """
    with leads.EXTEND.apply_to(lead, by=by, at=at) as row:
        days = row.city.offer_validity_days or ASSUMED_VALIDITY_DAYS
        row.valid_until = row.city.day_at(at) + timedelta(days=days)
        row.valid_until_assumed = True
    return lead


def confirm_answer_still_valid(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Record that a contact's offers are still valid after the need changed, and extend those that end soon.

    One answer does both, so that the contact is not asked twice. Refuses what `reaffirm_offers` refuses.
    """
    with transaction.atomic():
        for lead in inquiry.answers.select_related("city").order_by("pk"):
            if leads.EXTEND.refusal(by, lead, at) is None:
                extend_lead(lead, by=by, at=at)
        return reaffirm_offers(inquiry, by=by, at=at)


@register_action(leads.SHARE)
def share_lead(lead: SupplierLead, *, city: City, by: Actor, at: datetime) -> SupplierLead:
    """Let another city see the offer. Refuses the city it was offered to."""
    with leads.SHARE.apply_to(lead, by=by, at=at, shared_with=city.slug) as row:
        if city.pk == row.city_id:
            raise Refused("own_city", _("The offer already belongs to that city."), field="city")
        row.shared_with.add(city)
    return lead


def mark_supplier_change(lead: SupplierLead, facts: Sequence[str]) -> None:
    """Mark facts that changed with the offer's company, so that its checks open again.

    The facts are "company", "certificates" and "account". Called under the offer's lock.
    """
    row = select_locked(lead)
    if row.status in SupplierLead.CHECKED_STATUSES:
        mark_for_recheck(row, facts)
        row.save(update_fields=["recheck", "changed_facts"])


def update_search_names(lead: SupplierLead) -> None:
    """Store the current names of the offer's company, so that a search finds the offer.

    Applies to ended offers too. Called by the periodic job. Changes no status.
    """
    with transaction.atomic():
        row = select_locked(lead)
        row.named = search_names(row)
        row.save(update_fields=["named", "search"])


def require_valid_need_line(lead: SupplierLead, at: datetime) -> None:
    """Refuse a need line of another city, and one that does not accept the goods."""
    line: RequestLine | None = lead.line
    if line is not None and line.city_id != lead.city_id:
        raise Refused("another_city", _("This need line belongs to another city."), field="line")
    if line is not None and line.product_id != lead.product_id:
        match = accepted_goods(line, at).match(lead.product, lead.standard)
        raise_refusal(unaccepted_product_refusal(match, line, "product"))


def _check_facts(lead: SupplierLead, changed: Container[str] = lead_facts.PRODUCTION_FACTS) -> None:
    if (fault := invalid_lead_refusal(lead, changed)) is not None:
        raise fault


def _check_minimum_order(lead: SupplierLead) -> None:
    if (no := minimum_above_supply_refusal(lead)) is not None:
        raise no


def _set_derived_facts(lead: SupplierLead, at: datetime, was: SupplierLead | None = None) -> None:
    """Compute the derived fields: supply, last day, search names, price in the city's currency.

    `was`: the offer before the change.
    """
    lead.supply = total_supply(
        lead.stock_quantity, lead.capacity_per_day, lead.ready_on, lead.available_until
    )
    followed = was is not None and was.valid_until == was.available_until == lead.valid_until
    if lead.capacity_per_day and not lead.stock_quantity and (lead.valid_until is None or followed):
        lead.valid_until = lead.available_until  # without stock, valid for as long as goods are made
    if lead.supply < lead.allocated:
        words = ngettext_lazy(
            "%(allocated)s unit is already allocated. Reduce the allocation first.",
            "%(allocated)s units are already allocated. Reduce the allocations first.",
            lead.allocated,
        )
        figures = {"allocated": LocalizedCount(lead.allocated)}
        raise Refused("not_enough_supply", words % figures, **figures)
    lead.named = search_names(lead)
    convert_price(lead, at)


def convert_price(lead: SupplierLead, at: datetime) -> None:
    """Store the price in the city's currency, with the exchange rate, its day and its source."""
    lead.price_in_city_currency, lead.rate_on, lead.rate, lead.rate_source = None, None, None, ""
    if lead.unit_price is None or not lead.currency or not lead.city.currency:
        return
    known = manual_rates(lead.city)
    lead.price_in_city_currency, rate = convert(
        lead.unit_price, lead.currency, lead.city.currency, lead.city.day_at(at), known
    )
    if lead.price_in_city_currency > lead_facts.MAX_PRICE:
        raise price_too_high_refusal()
    lead.rate, lead.rate_on, lead.rate_source = rate.rate.quantize(EIGHT_PLACES), rate.rate_date, rate.source


def ensure_screened_today(lead: SupplierLead, *, at: datetime) -> None:
    """Screen the offer before a decision, unless it was screened today and nothing has changed since."""
    if not SupplierLead.objects.filter(pk=lead.pk).currently_screened(lead.city.day_at(at)).exists():
        rescreen_lead(lead, at=at)


@register_action(leads.VERIFY)
def verify_lead(lead: SupplierLead, *, verifier: ActingUser, by: Actor, at: datetime) -> SupplierLead:
    """Verify the offer. Refuses its author, open checks, open blocking findings and changed facts.

    Screening runs in its own transaction, so new findings stay even if they cause the refusal. If the
    calling page rolls back a refused request, the periodic job finds them again.
    """
    lead.refresh_from_db(fields=["status"])
    if lead.status in leads.VERIFY.source and may_verify(by, lead) is True:
        ensure_screened_today(lead, at=at)
    with transaction.atomic():
        with leads.VERIFY.apply_to(lead, by=by, at=at) as row:
            row.verified_by = verifier
            row.verified_at = at
        recalculate_offered_totals(lead)
    return lead
