"""The network: which ties carry help now, which have gone quiet, which nobody has tried; and the figures of the register.

Stands here and not in partners because only the story knows who was asked.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Max, Q
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners import geo
from partners.labels import country_label
from partners.models import City, Exchange, Twinning
from partners.register import Tie, Untapped, Untried, figures, gifts, holds, untapped
from partners.visit import Visit
from procurement.outreach.models import Inquiry
from workflow import clock
from workflow.doors import charts
from workflow.doors.http import show
from workflow.errors import Words

QUIET = timedelta(days=90)  # a tie nobody was heard from for longer has gone quiet
GAVE = timedelta(days=365)  # how far back a gift to others makes a partner worth a question

MAPPED = 60  # ties drawn at most, those that carry most first; the table has them all
KINDS: tuple[geo.Kind, ...] = ("helping", "quiet", "never")

type Asked = dict[tuple[int, int], date]

WHY: dict[Untried, Words] = {
    Untried.GIVES_TO_OTHERS: _("has given equipment to others in the past year, and nothing here"),
    Untried.NEVER_ASKED: _("has never been asked"),
}


@dataclass(frozen=True)
class Row:
    """A tie as the page shows it: our side first."""

    twinning: Twinning
    here: City
    there: City
    kind: geo.Kind

    @property
    def mark(self) -> str:
        """The name of its mark in the table of statuses."""
        return "never_asked" if self.kind == "never" else self.kind


class Side(forms.Form):
    """The country or region at the other end of the ties."""

    there = forms.ChoiceField(label=_("Ties with"), required=False)

    def __init__(self, data: Any, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["there"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = choices


@login_required
def network(request: Visit) -> HttpResponse:
    """The ties of the reader's cities, or of all they oversee: on a map, in a table, and what could be tried."""
    today = clock.now().date()
    asked, exchanges = _last_asked(request), list(Exchange.objects.all())
    rows = _rows(request, asked, gifts(exchanges, today - QUIET, today), today)
    form, chosen = _side(request, rows)
    rows = [row for row in rows if row.there.country == chosen]
    ties = [Tie(row.here.pk, row.there.pk, row.twinning) for row in rows]
    there = set(City.objects.filter(country=chosen).values_list("pk", flat=True))
    mapped = sorted(rows, key=lambda row: KINDS.index(row.kind))[:MAPPED]
    context = {
        "rows": rows,
        "many": len(rows) > MAPPED,
        "counts": {kind: sum(row.kind == kind for row in rows) for kind in KINDS},
        "map": geo.draw([drawn for row in mapped if (drawn := _drawn(row))]),
        "untapped": _told(rows, untapped(ties, exchanges, asked, since=today - GAVE, on=today)),
        "figures": figures(ties, exchanges, there, today),
        "side": form,
    }
    return show(request, "network/network.html", context)


def _rows(request: Visit, asked: Asked, gave: Collection[tuple[int, int]], today: date) -> list[Row]:
    """The ties that hold today and have one of the reader's cities on a side; of two such cities, either is ours."""
    by = request.by
    ties = Twinning.objects.visible_to(by).select_related("city_a", "city_b")
    mine = None if by.watches_all else by.speaks_for | by.watches
    if mine is not None:
        ties = ties.filter(Q(city_a__in=mine) | Q(city_b__in=mine))
    found = [_row(tie, mine, asked, gave, today) for tie in ties.order_by("pk") if holds(tie, today)]
    return sorted(found, key=lambda row: (row.here.name_en, row.there.name_en, row.twinning.pk))


def _row(
    tie: Twinning, mine: Collection[int] | None, asked: Asked, gave: Collection[tuple[int, int]], today: date
) -> Row:
    turned = mine is not None and tie.city_a_id not in mine
    here, there = (tie.city_b, tie.city_a) if turned else (tie.city_a, tie.city_b)
    last = asked.get((here.pk, there.pk))
    if (there.pk, here.pk) in gave or (last is not None and last >= today - QUIET):
        return Row(tie, here, there, "helping")
    return Row(tie, here, there, "never" if last is None else "quiet")


def _last_asked(request: Visit) -> Asked:
    """When each of the reader's cities last asked each partner, or was answered by it."""
    seen = Inquiry.objects.visible_to(request.by).filter(sent_at__isnull=False)
    pairs = seen.values_list("city", "contact__city").annotate(Max("sent_at"), Max("answered_at"))
    return {(city, partner): max(filter(None, moments)).date() for city, partner, *moments in pairs}


def _told(rows: Iterable[Row], found: Iterable[Untapped]) -> list[tuple[Row, list[Words]]]:
    """What could be tried, with the reasons in words; what has most reasons first."""
    by_sides = {(row.here.pk, row.there.pk): row for row in rows}
    told = {
        by_sides[one.tie.city, one.tie.partner]: [WHY[reason] for reason in sorted(one.reasons)]
        for one in found
    }
    return sorted(told.items(), key=lambda pair: -len(pair[1]))


def _side(request: Visit, rows: Iterable[Row]) -> tuple[Side, str]:
    """The country or region at the other end: the one asked for, or the one with most ties."""
    counted = Counter(row.there.country for row in rows)
    choices = sorted(((code, country_label(code)) for code in counted), key=lambda choice: choice[1])
    form = Side(request.GET or None, choices)
    asked = form.cleaned_data["there"] if form.is_valid() else ""
    chosen = asked or max(counted, key=lambda code: (counted[code], code), default="")
    form.initial["there"] = chosen
    return form, chosen


def _drawn(row: Row) -> geo.Tie | None:
    """The tie for the map; None where a side has no place on the globe."""
    a, b = _placed(row.here), _placed(row.there)
    return geo.Tie(a, b, row.kind) if a is not None and b is not None else None


def _placed(city: City) -> geo.Place | None:
    if city.latitude is None or city.longitude is None:
        return None
    return geo.Place(
        city.name, geo.Spot(float(city.latitude), float(city.longitude)), charts.text_width(city.name)
    )


urlpatterns = [path("network/", network, name="network")]
