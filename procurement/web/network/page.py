"""The network on a day: its ties on a map, in a table and as a file; what lies under each mark of the map."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path

from partners.geo import drawing, groups
from partners.geo.drawing import Kind, Map, Tie
from partners.geo.labels import Named
from partners.models.cities import City
from partners.models.ties import Twinning
from partners.register.passed import ACTIVE_SINCE
from partners.register.standing import Standing
from partners.visit import Visit
from partners.web.cities import MARKS
from procurement.exchange.register import NETWORK
from procurement.web.network.asked import Touch, wait_words
from procurement.web.network.choice import Span, day_of, form_for, narrowed
from procurement.web.network.reading import Place, Seen, seen_on, with_questions
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.charts.labels import text_width
from workflow.doors.http import show
from workflow.doors.lists import Page, piece

NARROWING = ("country", "subdivision", "kind", "state", "activity", "on", "month")


@dataclass(frozen=True)
class Row:
    """A tie as the table shows it: our side first."""

    twinning: Twinning
    here: City
    there: City
    mark: str
    active: bool
    undated: bool
    touch: Touch | None
    wait: str


@login_required
def network(request: Visit) -> HttpResponseBase:
    """Every tie the reader may see, on a day: on a map and in a table, narrowed as the address says."""
    today = reader_day(clock.now())
    span = Span(_first(request) or today, today)
    on = day_of(request.GET, span)
    ties = seen_on(request.by, on, ACTIVE_SINCE)
    own = request.by.speaks_for | request.by.watches
    form = form_for(request.GET, ties, on, span, has_own=bool(own))
    form.is_valid()
    mine = own if own and form.cleaned_data.get("of", "") == "" else None
    shown = sorted(narrowed(ties, form.cleaned_data, mine), key=_in_order)
    if wanted(request):
        return sheet(request, f"network-{on.isoformat()}", NETWORK, with_questions(shown, request.by, on))
    drawn = _map(shown)
    context = {
        "form": form,
        "on": on,
        "first": span.first,
        "ties": len(shown),
        "narrowed": any(request.GET.get(name) for name in NARROWING),
        "counts": Counter(MARKS[tie.standing] for tie in shown),
        "undated": sum(tie.undated for tie in shown),
        "map": drawn,
        "opened": _opened(drawn, request.GET.get("at", "")),
        "unplaced": sum(not tie.placed for tie in shown),
        "page": _page(request, shown, on),
        "over": sum(tie.ended for tie in shown),
    }
    return show(request, "network/network.html", context)


def _first(request: Visit) -> date | None:
    """The day of the earliest signed agreement."""
    signed = Twinning.objects.visible_to(request.by).filter(signed_on__isnull=False)
    first: date | None = signed.order_by("signed_on").values_list("signed_on", flat=True).first()
    return first


def _in_order(tie: Seen) -> tuple[bool, str, str, int]:
    """Those signed on an unknown day stand apart, at the end; the rest by the names of their sides."""
    return tie.undated, tie.here.name_en, tie.there.name_en, tie.facts.pk


# --- the map --------------------------------------------------------------------------------------------------------
def _map(ties: Iterable[Seen]) -> Map:
    """The ties whose sides both have a place on the globe."""
    placed: dict[int, groups.Place] = {}
    drawn = []
    for tie in ties:
        if tie.placed:
            a, b = _placed(tie.here, placed), _placed(tie.there, placed)
            drawn.append(Tie(a, b, _kind(tie)))
    return drawing.draw(drawn, text_width)


def _kind(tie: Seen) -> Kind:
    if tie.ended:
        return "ended"
    if tie.standing is Standing.UNKNOWN:
        return "unknown"
    if tie.active:
        return "active"
    return "undated" if tie.undated else "in_force"


def _placed(side: Place, known: dict[int, groups.Place]) -> groups.Place:
    """The place as the map names it, made once."""
    if side.pk not in known:
        assert side.spot is not None  # its tie is placed
        known[side.pk] = groups.Place(side.name, side.spot, side.slug)
    return known[side.pk]


def _opened(drawn: Map, key: str) -> Named | None:
    """The mark that the reader opened, by the key of the place it is named by."""
    return next((mark for mark in drawn.places if key and mark.place.key == key), None)


# --- the table ------------------------------------------------------------------------------------------------------
def _page(request: Visit, ties: Collection[Seen], on: date) -> Page[Row]:
    """A page of the table, with the agreements whole, and when the two sides were last in touch."""
    found = piece(request, list(ties))
    rows = Twinning.objects.visible_to(request.by).select_related("city_a", "city_b")
    whole = rows.in_bulk([tie.facts.pk for tie in found])
    shown = [_row(tie, whole[tie.facts.pk]) for tie in with_questions(list(found), request.by, on)]
    return Page(shown, found.next, found.previous)


def _row(tie: Seen, twinning: Twinning) -> Row:
    a, b = twinning.city_a, twinning.city_b
    here, there = (a, b) if a.pk == tie.here.pk else (b, a)
    wait = wait_words(tie.wait)
    return Row(twinning, here, there, MARKS[tie.standing], tie.active, tie.undated, tie.touch, wait)


urlpatterns = [path("network/", network, name="network")]
