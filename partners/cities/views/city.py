"""Page of a city, and the CSV export of its agreements and exchanges."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http.response import HttpResponseBase

from partners.activity.context import activity_context
from partners.agreements.views import agreement_table
from partners.agreements.views.agreement_table import agreement_rows, agreements_with_unrecorded_dispute
from partners.authenticated_requests import MAX_EXCHANGES_SHOWN, AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import get_city_or_404
from partners.contacts.models import Contact, Organization
from partners.contacts.rules import median_response_time
from partners.corrections.models import ENTRY_RELATIONS, Correction
from partners.csv_export import csv_response, is_csv_requested
from partners.disputes.models import Dispute
from partners.disputes.views.disputes import disputes_with_claims
from partners.exchanges.views import (
    EXCHANGE_CSV_COLUMNS,
    ExchangeSelection,
    exchange_context,
    exchanges_of_city,
)
from partners.permissions.permissions import Permissions
from partners.powers import Power, may_edit_register_of
from partners.routing.expired_agreements import expired_by_pair
from workflow import clock
from workflow.http.pages import render_page

EXCHANGES_EXPORT = "exchanges"  # for `?as=csv&of=exchanges`; any other value exports the agreements


@login_required
def city_page(request: AuthenticatedRequest, slug: str) -> HttpResponseBase:
    """Show a city: its agreements, exchanges, organizations, and the sources of its facts."""
    city, by = get_city_or_404(request, slug), request.by
    today = city.day_at(clock.now())
    if is_csv_requested(request):
        return _export(request, city)
    agreements = agreement_rows(city, today)
    disputes = list(disputes_with_claims(Dispute.objects.of_city(city)))
    organizations, reads_data = list(organizations_with_contacts(city, by)), city.pk in by.visible_cities
    context = {
        "city": city,
        "agreements": agreements,
        "ended": any(row.has_ended for row in agreements),
        "corrections": open_corrections(city),
        "disputes": disputes,
        "conflicts": agreements_with_unrecorded_dispute(agreements, disputes),
        "offices": organizations,
        "keeps": reads_data,
        "answers_in": median_answer_hours(organizations) if reads_data else None,
        "today": today,
        "is_mine": city.pk in by.cities_of_person,
        "may_edit": may_edit_register_of(by, city.pk),
        "may_invite": by.may(Power.INVITE_CONTACT, city),
        "may_see_people": reads_data or city.pk in by.managed_city_ids,
        "manages": city.pk in by.managed_city_ids,
        "may_appoint": by.may(Power.APPOINT, city),
        "powers": by,
        "endings": [
            ending
            for ending in expired_by_pair((row.agreement for row in agreements), today).values()
            if ending.last_agreement.partner_of(city).pk in by.cities_of_person
        ],
    }
    context |= exchange_context(city, by, request.GET)
    return render_page(request, "cities/detail.html", context | activity_context(request, city))


def _export(request: AuthenticatedRequest, city: City) -> HttpResponseBase:
    """Return the agreements, or the exchanges that pass the page's filters, as CSV."""
    if request.GET.get("of") == EXCHANGES_EXPORT:
        selection = ExchangeSelection.from_query(request.GET)
        rows = (
            exchange for exchange in exchanges_of_city(city, request.by) if selection.matches(exchange, city)
        )
        return csv_response(request, f"exchanges-{city.slug}", EXCHANGE_CSV_COLUMNS, rows)
    agreements = agreement_rows(city, city.day_at(clock.now()))
    return csv_response(request, f"agreements-{city.slug}", agreement_table.AGREEMENT_CSV_COLUMNS, agreements)


def open_corrections(city: City) -> Iterable[Correction]:
    """Return the undecided corrections about a city, its agreements and its exchanges."""
    rows = Correction.objects.of_city(city).undecided()
    return rows.select_related("author", *ENTRY_RELATIONS).order_by("pk")[:MAX_EXCHANGES_SHOWN]


def organizations_with_contacts(city: City, by: Permissions) -> Iterable[Organization]:
    """Return the organizations of a city, each with the contacts whom the reader may see."""
    people = Contact.objects.visible_to(by).select_related("user").order_by("pk")
    rows = Organization.objects.visible_to(by).filter(city=city).select_related("city")
    return rows.prefetch_related(Prefetch("contacts", people, to_attr="seen")).order_by("kind", "pk")


def median_answer_hours(offices: Iterable[Any]) -> int | None:
    """Return the median answer time in hours of the contacts (`seen`) of these organizations.

    The page shows it only to those who may read the city's data.
    """
    return median_response_time(
        hours for office in offices for contact in office.seen for hours in contact.answer_times
    )
