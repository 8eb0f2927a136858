"""The steps of posting a need: the question and form of each, its initial data, and what it saves."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.contacts.models import Organization
from partners.powers import Power
from procurement.requests.actions.lines import LineFacts, current_alternatives, set_lines
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.forms import NeedProductForm, NeedQuantityForm, NeedVisibilityForm, StandardsForm
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.views.apply_changes import current_line_facts
from workflow import clock
from workflow.http.edit_forms import EditForm

STEP_TITLES = (_("Product"), _("Quantity and date"), _("Standards"), _("Check and post"))
STEP_QUESTIONS = (
    _("What do you need, and who will use it?"),
    _("How much do you need, by when and where?"),
    _("Which standards do you accept?"),
    _("How can you receive the goods, and who can see the need?"),
)
REVIEW_STEP = len(STEP_TITLES)  # the number of the check page among the steps
RECIPIENTS_STEP = len(STEP_QUESTIONS)  # has an answer from the start, so it is asked only from the check page
LINE_FIELDS = frozenset(
    {"product", "quantity", "standards", "alternatives", "priority", "max_unit_price"}
    | {"days_left", "stock", "use_per_day", "runs_out_on"}
)
NEED_FIELDS = frozenset(
    {"title", "declared_use", "facility_kinds", "needed_by", "deliver_to", "deliver_locode"}
    | {"accepts", "visibility", "notes"}
)


def posting_cities(request: AuthenticatedRequest) -> Any:
    """Return the cities for which this person may post a need."""
    mine = request.by.city_ids_by_power.get(Power.POST_REQUEST, frozenset())
    return City.objects.filter(pk__in=mine).order_by("name_en", "pk")


def step_form(
    request: AuthenticatedRequest, need: SupplyRequest, line: RequestLine | None, step: int
) -> EditForm:
    """Return the form of a step, with the known facts of the need as initial data."""
    form = _form_of_step(request, need, line, step)
    form.thing = need
    return form


def urgency_facts(line: RequestLine, today: date) -> dict[str, Any]:
    """Return the initial data of a `QuantityAndUrgencyForm`, except the quantity.

    The supply is counted down to today.
    """
    names = ("priority", "max_unit_price", "use_per_day", "runs_out_on")
    return {name: getattr(line, name) for name in names} | {"days_left": line.days_left(today)}


def _form_of_step(
    request: AuthenticatedRequest, need: SupplyRequest, line: RequestLine | None, step: int
) -> EditForm:
    data = request.POST or None
    today = need.city.day_at(clock.now())
    if step == 1 or line is None:
        known: dict[str, Any] = {
            "city": need.city_id,
            "product": line and line.product_id,
            "title": need.title,
            "declared_use": need.declared_use,
            "facility_kinds": need.facility_kinds,
        }
        return NeedProductForm(data, cities=posting_cities(request), initial=known)
    if step == 2:
        known = {name: getattr(need, name) for name in ("needed_by", "deliver_to", "deliver_locode")}
        known |= urgency_facts(line, today)
        known["quantity"] = line.quantity if need.needed_by else None
        places = delivery_places(need.city)
        if not known["deliver_to"]:
            known["deliver_to"] = values_of_last_need(need.city).get("deliver_to", "")
        return NeedQuantityForm(data, places=places, initial=known).use_unit_of(line.product)
    if step == RECIPIENTS_STEP:
        return NeedVisibilityForm(
            data, initial={"accepts": need.accepts, "visibility": need.visibility, "notes": need.notes}
        )
    alternatives = current_alternatives(line)  # reads the standards, too
    ticked = {"standards": list(line.standards.all()), "alternatives": alternatives}
    on = line.needed_by or need.needed_by or today
    return StandardsForm(data, product=line.product, need=need, on=on, initial=ticked)


# Organizations of these kinds may use goods themselves.
RECEIVING_ORGANIZATION_KINDS = (
    Organization.Kind.HOSPITAL,
    Organization.Kind.HEALTH_AUTHORITY,
    Organization.Kind.LABORATORY,
    Organization.Kind.ASSOCIATION,
    Organization.Kind.MUNICIPALITY,
)


def delivery_places(city: City) -> list[str]:
    """Return name and address of each of the city's organizations that can receive goods."""
    rows = (
        Organization.objects.filter(city=city, kind__in=RECEIVING_ORGANIZATION_KINDS)
        .exclude(address="")
        .order_by("name_en", "pk")
    )
    return [f"{one.name}, {one.address}" for one in rows]


def values_of_last_need(city: City) -> dict[str, Any]:
    """Return the recipients, use and delivery address of the city's latest posted need, or an empty dict."""
    posted = SupplyRequest.objects.filter(city=city, posted_at__isnull=False)
    last = posted.order_by("-pk").values("facility_kinds", "declared_use", "deliver_to").first()
    return dict(last) if last is not None else {}


def save_step(request: AuthenticatedRequest, need: SupplyRequest, facts: dict[str, Any]) -> None:
    """Save one step: facts of the need on the need, facts of the line on its first line.

    Further lines stay unchanged.
    """
    at = clock.now()
    own = {name: value for name, value in facts.items() if name in NEED_FIELDS}
    if own:
        edit_request(need, RequestEdit(**own), by=request.by, at=at)
    changed = {name: value for name, value in facts.items() if name in LINE_FIELDS}
    if not changed:
        return
    rows = need.lines.select_related("product").prefetch_related(*ACCEPTED_GOODS)
    lines = [current_line_facts(line) for line in rows.order_by("position")]
    first = lines[0] if lines else LineFacts(product=changed["product"], quantity=1)
    if changed.get("product", first.product) != first.product:
        changed["standards"] = changed["alternatives"] = ()  # they belong to the former product
    set_lines(need, [replace(first, **changed), *lines[1:]], by=request.by, at=at)
