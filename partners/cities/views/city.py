"""Page of a city, and the export of its two tables."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http.response import HttpResponseBase

from partners.activity.context import activity_context
from partners.agreements.views import city_table
from partners.agreements.views.city_table import agreement_rows, agreements_with_open_dispute
from partners.authenticated_requests import MAX_ROWS_SHOWN, AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import get_city_or_404
from partners.contacts.models import Contact, Organization
from partners.contacts.rules import median_response_time
from partners.corrections.models import ENTRY_RELATIONS, Correction
from partners.csv_export import csv_response, is_csv_requested
from partners.disputes.models import Dispute
from partners.disputes.views.disputes import disputes_with_claims
from partners.exchanges.views import COLUMNS, ExchangeSelection, exchange_context, exchanges_of_city
from partners.permissions.permissions import Permissions
from partners.powers import Power, may_edit_for
from partners.routing.expired_agreements import expired_by_pair
from workflow import clock
from workflow.http.pages import render_page

EXCHANGES = "exchanges"  # for `?as=csv&of=exchanges`; any other value exports the agreements


@login_required
def city_page(request: AuthenticatedRequest, slug: str) -> HttpResponseBase:
    """Show a city: its agreements, exchanges, organizations, and the sources of its facts."""
    thing, by = get_city_or_404(request, slug), request.by
    today = thing.day_at(clock.now())
    if is_csv_requested(request):
        return _file(request, thing)
    ties = agreement_rows(thing, today)
    values = list(disputes_with_claims(Dispute.objects.of(thing)))
    seats, keeps = list(organizations_with_contacts(thing, by)), thing.pk in by.visible_cities
    context = {
        "city": thing,
        "ties": ties,
        "ended": any(row.ended for row in ties),
        "corrections": open_corrections(thing),
        "disputes": values,
        "conflicts": agreements_with_open_dispute(ties, values),
        "offices": seats,
        "keeps": keeps,
        "answers_in": median_hours(seats) if keeps else None,
        "today": today,
        "is_mine": thing.pk in by.cities_of_person,
        "may_edit": may_edit_for(by, thing.pk),
        "may_invite": by.may(Power.INVITE_CONTACT, thing),
        "may_see_people": keeps or thing.pk in by.manages,
        "powers": by,
        "endings": [
            ending
            for ending in expired_by_pair((row.tie for row in ties), today).values()
            if ending.tie.partner_of(thing).pk in by.cities_of_person
        ],
    }
    context |= exchange_context(thing, by, request.GET)
    return render_page(request, "cities/detail.html", context | activity_context(request, thing))


def _file(request: AuthenticatedRequest, thing: City) -> HttpResponseBase:
    """Export one of the two tables completely; the exchanges with the filters of the page."""
    if request.GET.get("of") == EXCHANGES:
        narrowing = ExchangeSelection.of(request.GET)
        rows = (one for one in exchanges_of_city(thing, request.by) if narrowing.fits(one, thing))
        return csv_response(request, f"exchanges-{thing.slug}", COLUMNS, rows)
    ties = agreement_rows(thing, thing.day_at(clock.now()))
    return csv_response(request, f"agreements-{thing.slug}", city_table.COLUMNS, ties)


def open_corrections(city: City) -> Iterable[Correction]:
    """Return the undecided corrections about a city, its agreements and its exchanges."""
    rows = Correction.objects.of(city).waiting()
    return rows.select_related("author", *ENTRY_RELATIONS).order_by("pk")[:MAX_ROWS_SHOWN]


def organizations_with_contacts(city: City, by: Permissions) -> Iterable[Organization]:
    """Return the organizations of a city, each with the contacts whom the reader may see."""
    people = Contact.objects.visible_to(by).select_related("user").order_by("pk")
    rows = Organization.objects.visible_to(by).filter(city=city).select_related("city")
    return rows.prefetch_related(Prefetch("contacts", people, to_attr="seen")).order_by("kind", "pk")


def median_hours(offices: Iterable[Any]) -> int | None:
    """Return the median answer time in hours of all contacts of a city.

    The page shows it only to those who may read the city's data.
    """
    return median_response_time(
        hours for office in offices for contact in office.seen for hours in contact.answer_times
    )
