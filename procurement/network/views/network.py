"""Network page: twinning agreements on a date, on a map, in a table and as CSV."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.agreements.views.agreement_table import STATUS_BADGES
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.exchanges.active_pairs import ACTIVE_SINCE
from partners.maps.agreement_map import AgreementMap, LineKind, MapAgreement, draw_map
from partners.maps.clusters import MapPlace
from partners.maps.labels import MapLabel
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.register_columns import AGREEMENT_COLUMNS
from procurement.network.filters import MonthSpan, chosen_day, filter_form, filtered_agreements
from procurement.network.last_contact import LastContact, format_wait
from procurement.network.register_rows import AgreementOnDate, PlaceRow, agreements_on, with_inquiries
from workflow import clock
from workflow.charts.labels import text_width
from workflow.days import reader_day
from workflow.http.pages import render_page
from workflow.http.pagination import Page, paginate_sequence

MAX_PARTNER_NAMES = 60  # partners listed on a phone, where no map is shown; the table has all
FILTER_PARAMETERS = ("country", "subdivision", "kind", "state", "activity", "on", "month")


@dataclass(frozen=True)
class NetworkRow:
    """Row of the table: an agreement with our side first."""

    agreement: TwinningAgreement
    own_city: City
    partner_city: City
    status_badge: str
    is_active: bool
    is_undated: bool
    last_contact: LastContact | None
    reply_time: str


@login_required
def network_page(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show every agreement the reader may see on a date, on a map and in a table, as filtered.

    `?as=csv` returns the list.
    """
    today = reader_day(clock.now())
    span = MonthSpan(_earliest_signature_date(request) or today, today)
    on = chosen_day(request.GET, span)
    agreements = agreements_on(request.by, on, ACTIVE_SINCE)
    own = request.by.cities_of_person | request.by.overseen_city_ids
    form = filter_form(request.GET, agreements, on, span, has_own=bool(own))
    form.is_valid()
    mine = own if own and form.cleaned_data.get("of", "") == "" else None
    shown = sorted(filtered_agreements(agreements, form.cleaned_data, mine), key=_sort_key)
    if is_csv_requested(request):
        return csv_response(
            request, f"network-{on.isoformat()}", AGREEMENT_COLUMNS, with_inquiries(shown, request.by, on)
        )
    drawn = _agreements_map(shown)
    context = {
        "form": form,
        "on": on,
        "first": span.first,
        "ties": len(shown),
        "narrowed": any(request.GET.get(name) for name in FILTER_PARAMETERS),
        "counts": Counter(STATUS_BADGES[agreement.status] for agreement in shown),
        "undated": sum(agreement.undated for agreement in shown),
        "map": drawn,
        "names": sorted({(agreement.partner_city.name, agreement.partner_city.slug) for agreement in shown})[
            :MAX_PARTNER_NAMES
        ],
        "opened": _opened_mark(drawn, request.GET.get("at", "")),
        "unplaced": sum(not agreement.has_coordinates for agreement in shown),
        "page": _table_page(request, shown, on),
        "over": sum(agreement.ended for agreement in shown),
    }
    return render_page(request, "network/network.html", context)


def _earliest_signature_date(request: AuthenticatedRequest) -> date | None:
    """Return the date of the earliest signed agreement."""
    signed = TwinningAgreement.objects.visible_to(request.by).filter(signed_on__isnull=False)
    first: date | None = signed.order_by("signed_on").values_list("signed_on", flat=True).first()
    return first


def _sort_key(agreement: AgreementOnDate) -> tuple[bool, str, str, int]:
    """Return the sort key of an agreement: the names of both cities; unknown dates come last."""
    return agreement.undated, agreement.home_city.name_en, agreement.partner_city.name_en, agreement.record.pk


# --- the map --------------------------------------------------------------------------------------------------------
def _agreements_map(agreements: Iterable[AgreementOnDate]) -> AgreementMap:
    """Return the map of the agreements for which both cities have coordinates."""
    placed: dict[int, MapPlace] = {}
    drawn = []
    for agreement in agreements:
        if agreement.has_coordinates:
            a, b = _map_place(agreement.home_city, placed), _map_place(agreement.partner_city, placed)
            drawn.append(MapAgreement(a, b, _map_kind(agreement)))
    return draw_map(drawn, text_width)


def _map_kind(agreement: AgreementOnDate) -> LineKind:
    if agreement.ended:
        return "ended"
    if agreement.status is AgreementStatus.UNKNOWN:
        return "unknown"
    if agreement.active:
        return "active"
    return "undated" if agreement.undated else "in_force"


def _map_place(side: PlaceRow, known: dict[int, MapPlace]) -> MapPlace:
    """Return the map mark of a city. Each mark is created once and cached in `known`."""
    if side.pk not in known:
        assert side.coordinates is not None  # the caller has verified that both sides have coordinates
        known[side.pk] = MapPlace(side.name, side.coordinates, side.slug)
    return known[side.pk]


def _opened_mark(drawn: AgreementMap, key: str) -> MapLabel | None:
    """Return the map mark that the reader opened, by the key of its place, or None."""
    return next((mark for mark in drawn.labels if key and mark.place.key == key), None)


# --- the table ------------------------------------------------------------------------------------------------------
def _table_page(
    request: AuthenticatedRequest, agreements: Collection[AgreementOnDate], on: date
) -> Page[NetworkRow]:
    """Return one page of the table: the agreements with their last contact."""
    found = paginate_sequence(request, list(agreements))
    rows = TwinningAgreement.objects.visible_to(request.by).select_related("city_a", "city_b")
    whole = rows.in_bulk([agreement.record.pk for agreement in found])
    shown = [
        _table_row(agreement, whole[agreement.record.pk])
        for agreement in with_inquiries(list(found), request.by, on)
    ]
    return Page(shown, found.next_cursor, found.previous_cursor)


def _table_row(agreement_on_date: AgreementOnDate, agreement: TwinningAgreement) -> NetworkRow:
    a, b = agreement.city_a, agreement.city_b
    here, there = (a, b) if a.pk == agreement_on_date.home_city.pk else (b, a)
    wait = format_wait(agreement_on_date.reply_time)
    return NetworkRow(
        agreement,
        here,
        there,
        STATUS_BADGES[agreement_on_date.status],
        agreement_on_date.active,
        agreement_on_date.undated,
        agreement_on_date.last_contact,
        wait,
    )
