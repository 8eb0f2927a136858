"""Untapped potential: what two countries' ties hold, who gave, and by name who was never asked; the article's questions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.labels import country_label
from partners.models.cities import City
from partners.models.ties import Twinning
from partners.places import in_capitals
from partners.register.article import Article
from partners.register.passed import ACTIVE_SINCE
from partners.register.potential import Figures
from partners.rules.powers import Powers
from partners.visit import Visit
from partners.web.city.passed import shipments
from procurement.exchange.register import FIGURES, GIFTS, POTENTIAL, WHY
from procurement.outreach.gathering.ties import Potential, Sides, potential
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.doors.lists import piece
from workflow.errors import Words

# The article's questions, in its order; the fields of Figures.
QUESTIONS: dict[str, Words] = {
    "agreements": _("Agreements that hold"),
    "cities_here": _("Cities on this side"),
    "cities_there": _("Cities on the other side"),
    "active": _("Agreements that are active"),
    "donors_abroad": _("Partners that gave equipment abroad"),
    "donors_with_active_ties": _("Of them, with an active tie here"),
    "donors_here": _("Partners that gave equipment here"),
}
# Why the rows give another count than the article does.
DIFFERS: dict[str, Words] = {
    "agreements": _("The article’s list is not public. The rows hold the agreements that a public page names."),
    "cities_here": _("Follows from the agreements."),
    "cities_there": _("Follows from the agreements."),
    "active": _("The article’s list of exchanges is not public. The rows hold those that a page with a date names."),
    "donors_abroad": _("The rows hold the gifts that a page names with giver, receiver and date, and of partners in these rows only."),
    "donors_with_active_ties": _("Follows from the gifts and from the agreements that are active."),
    "donors_here": _("Another day or another choice of agreements counts other gifts: each is named below."),
}  # fmt: skip


SIDES = ("here", "there")


class Choice(forms.Form):
    """Two countries and two days."""

    here = forms.ChoiceField(label=_("Ties of"))
    there = forms.ChoiceField(label=_("Ties with"))
    since = DayField(label=_("Active since"), help_text="")
    on = DayField(label=_("As of"), help_text="")

    def __init__(self, data: Any, countries: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        codes = {name: in_capitals(data[name]) for name in SIDES if name in data}
        super().__init__({**initial, **data, **codes}, initial=initial)
        for name in SIDES:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # declared above
            field.choices = countries

    def clean(self) -> dict[str, Any]:
        """Two countries. Any two days: on one before activity counts, nothing is active yet."""
        told = super().clean() or {}
        if told.get("here") and told.get("here") == told.get("there"):
            self.add_error("there", _("Choose two different countries or regions."))
        return told


@dataclass(frozen=True)
class Line:
    """One of the article's questions with its answers."""

    question: Words
    all: int
    of_cities: int
    article: int | None
    differs: Words

    @property
    def same(self) -> bool:
        """Whether the rows give what the article counted, between cities as it did."""
        return self.article == self.of_cities


@login_required
def untapped(request: Visit) -> HttpResponseBase:
    """What the ties of one country with another hold, who gave what, and who was never asked, on a day."""
    today = reader_day(clock.now())
    countries, initial = _choices(request, today)
    if not countries:
        return show(request, "network/untapped.html", {"countries": countries})
    asked = {name: value for name, value in request.GET.dict().items() if name in initial and value}
    form = Choice(asked, countries, initial)
    if not form.is_valid():
        return show(request, "network/untapped.html", {"form": form, "countries": countries}, status=422)
    found = potential(Sides(**form.cleaned_data), request.by)
    if wanted(request):
        return _file(request, found)
    return show(
        request, "network/untapped.html", {"form": form, "countries": countries, **_told(request, found)}
    )


def _told(request: Visit, found: Potential) -> dict[str, Any]:
    """What the page shows of the answers."""
    gifts = found.gifts
    return {
        "found": found,
        "here": country_label(found.sides.here),
        "there": country_label(found.sides.there),
        "lines": lines(found.all, found.of_cities, found.article),
        "untapped": [(row, [WHY[reason] for reason in sorted(row.reasons)]) for row in found.untapped],
        "never_asked": piece(request, found.never_asked),
        "groups": [
            (_("Gave here"), gifts.here, True),
            (_("Gave to others, and have a tie here"), gifts.with_ties, True),
            (_("Gave to others, and have no tie here"), gifts.without_ties, False),
            (_("After this day"), gifts.later, False),
        ],
        "shipments": shipments(
            [*gifts.here, *gifts.with_ties, *gifts.without_ties, *gifts.later], request.by
        ),
        "compares": found.article is not None and not _is_as_published(found.sides, found.article),
    }


def lines(all_: Figures, of_cities: Figures, article: Article | None) -> list[Line]:
    """The article's questions with the answers of all agreements, of those between cities, and of the article where it has any."""
    told = article.figures if article else None
    return [
        Line(
            QUESTIONS[one.name],
            getattr(all_, one.name),
            getattr(of_cities, one.name),
            getattr(told, one.name, None),
            DIFFERS[one.name],
        )
        for one in fields(Figures)
    ]


def _is_as_published(sides: Sides, article: Article) -> bool:
    return (sides.since, sides.on) == (article.active_since, article.on)


def _file(request: Visit, found: Potential) -> HttpResponseBase:
    """The ties, or the gifts with `of=gifts`, or the figures with `of=figures`, as CSV."""
    pair = f"{found.sides.here}-{found.sides.there}".lower()
    if request.GET.get("of") == "figures":
        told = lines(found.all, found.of_cities, found.article)
        return sheet(request, f"figures-{pair}", FIGURES if found.article else FIGURES[:3], told)
    if request.GET.get("of") == "gifts":
        gifts = found.gifts
        return sheet(
            request,
            f"gifts-{pair}",
            GIFTS,
            [*gifts.here, *gifts.with_ties, *gifts.without_ties, *gifts.later],
        )
    return sheet(request, f"ties-{pair}", POTENTIAL, found.rows)


def _choices(request: Visit, today: date) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """The countries tied to another, by name; and the pair to begin with: the reader's own, and the one it has most ties with.

    Of several of one's own, the one with most ties.

    Where one side is asked for, the other is the one it has most ties with.
    """
    pairs = Twinning.objects.visible_to(request.by).values_list("city_a__country", "city_b__country")
    counted = Counter(frozenset(pair) for pair in pairs.iterator() if pair[0] != pair[1])
    codes = {code for pair in counted for code in pair}
    mine = _own(request.by) & codes
    asked_here, asked_there = (in_capitals(request.GET.get(name, "")) for name in SIDES)
    if asked_there in codes and asked_here not in codes:
        here = min(mine - {asked_there}) if mine - {asked_there} else _most_with(asked_there, counted, codes)
    else:
        here = asked_here if asked_here in codes else _most(counted, mine or codes)
    there = _most_with(here, counted, codes)
    named = sorted(((code, country_label(code)) for code in codes), key=lambda one: one[1])
    days = {"since": ACTIVE_SINCE.isoformat(), "on": today.isoformat()}
    return named, {"here": here, "there": there, **days}


def _own(by: Powers) -> set[str]:
    """The countries of the cities somebody speaks for; of those with people here, for whoever coordinates the whole network."""
    own = set(City.objects.filter(pk__in=by.speaks_for).values_list("country", flat=True))
    if own or not by.watches_all:
        return own
    return set(City.objects.filter(memberships__isnull=False).values_list("country", flat=True))


def _most_with(code: str, counted: Counter[frozenset[str]], codes: set[str]) -> str:
    """The country with most ties to this one."""
    return _most(Counter({pair: n for pair, n in counted.items() if code in pair}), codes - {code})


def _most(counted: Counter[frozenset[str]], among: Iterable[str]) -> str:
    """The country of these with most ties; the first by code of several."""
    ties: Counter[str] = Counter()
    for pair, number in counted.items():
        for code in pair:
            ties[code] += number
    return min(among, key=lambda code: (-ties[code], code), default="")


urlpatterns = [path("network/untapped/", untapped, name="untapped")]
