"""Page of unused potential: agreements between two countries, donors, partners never asked.

Answers the questions of an article that counted these agreements and donations in 2020 (`PUBLISHED_ARTICLE` in
`partners/exchanges/untapped_potential.py`) with the data of the city register.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.agreements.models import TwinningAgreement
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.exchanges.active_pairs import ACTIVE_SINCE
from partners.exchanges.untapped_potential import AgreementFigures, Article
from partners.exchanges.views import shipment_urls_of
from partners.permissions.permissions import Permissions
from partners.place_labels import country_label
from partners.validators import normalize_code
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.register_columns import (
    ARTICLE_FIGURE_COLUMNS,
    DONATION_COLUMNS,
    UNTAPPED_POTENTIAL_COLUMNS,
    UNTAPPED_REASON_LABELS,
)
from procurement.outreach.queries.untapped_potential import (
    CountryPairQuery,
    UntappedPotential,
    untapped_potential,
)
from workflow import clock
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.forms import DayField
from workflow.http.pages import render_page
from workflow.http.pagination import paginate_sequence

# The article's questions in its order; the keys are the fields of Figures.
COUNT_LABELS: dict[str, LazyText] = {
    "agreement_count": _("Current agreements"),
    "asking_city_count": _("Cities on this side"),
    "partner_city_count": _("Cities on the other side"),
    "active_agreement_count": _("Active agreements"),
    "donors_to_other_countries": _("Partners that donated equipment abroad"),
    "donors_with_active_agreement": _("Of these, partners with an active agreement on this side"),
    "donors_to_asking_cities": _("Partners that donated equipment to cities on this side"),
}
# The reasons why the data give another count than the article.
DIFFERENCE_REASONS: dict[str, LazyText] = {
    "agreement_count": _(
        "The list behind the article is not public. The register contains only agreements named on a public "
        "page."
    ),
    "asking_city_count": _("Derived from the agreements."),
    "partner_city_count": _("Derived from the agreements."),
    "active_agreement_count": _(
        "The list of exchanges behind the article is not public. The register contains only those named on a "
        "dated page."
    ),
    "donors_to_other_countries": _(
        "The register contains only donations for which a page names the donor, recipient and date, and "
        "only from partners "
        "in the register."
    ),
    "donors_with_active_agreement": _("Derived from the donations and the active agreements."),
    "donors_to_asking_cities": _(
        "The donations included depend on the date and the agreements chosen. Each one is listed below."
    ),
}  # fmt: skip


COUNTRY_SIDES = ("here", "there")


class CountryPairForm(forms.Form):
    """Form that chooses two countries and two dates."""

    here = forms.ChoiceField(label=_("First country or region"))
    there = forms.ChoiceField(label=_("Second country or region"))
    since = DayField(label=_("Active since"), help_text="")
    on = DayField(label=_("As of"), help_text="")

    def __init__(self, data: Any, countries: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        codes = {name: normalize_code(data[name]) for name in COUNTRY_SIDES if name in data}
        super().__init__({**initial, **data, **codes}, initial=initial)
        for name in COUNTRY_SIDES:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # declared above
            field.choices = countries

    def clean(self) -> dict[str, Any]:
        """Require two different countries. Any two dates are valid: before `since`, nothing is active."""
        cleaned = super().clean() or {}
        if cleaned.get("here") and cleaned.get("here") == cleaned.get("there"):
            self.add_error("there", _("Choose two different countries or regions."))
        return cleaned


@dataclass(frozen=True)
class CountComparison:
    """Question of the article with three counts as answers.

    `all_agreements_count` counts all agreements, `city_agreements_count` only those between cities, and
    `article_count` is the published count, if any. `difference_reason` explains why the counts can differ.
    """

    question: LazyText
    all_agreements_count: int
    city_agreements_count: int
    article_count: int | None
    difference_reason: LazyText

    @property
    def equals_article_count(self) -> bool:
        """True if our count of agreements between cities equals the published one."""
        return self.article_count == self.city_agreements_count


@login_required
def untapped_potential_page(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the agreements between two countries on a date, the donations, and partners never asked.

    `?as=csv` returns one of the lists, as `of` names it.
    """
    today = reader_day(clock.now())
    countries, initial = _country_choices(request, today)
    if not countries:
        return render_page(request, "network/untapped_potential.html", {"countries": countries})
    query = {name: value for name, value in request.GET.dict().items() if name in initial and value}
    form = CountryPairForm(query, countries, initial)
    if not form.is_valid():
        return render_page(
            request, "network/untapped_potential.html", {"form": form, "countries": countries}, status=422
        )
    found = untapped_potential(_country_pair(form.cleaned_data), request.by)
    if is_csv_requested(request):
        return _csv_download(request, found)
    return render_page(
        request,
        "network/untapped_potential.html",
        {"form": form, "countries": countries, **_answer_context(request, found)},
    )


def _answer_context(request: AuthenticatedRequest, found: UntappedPotential) -> dict[str, Any]:
    """Return the template context of the answers."""
    donations = found.donations
    return {
        "found": found,
        "here": country_label(found.country_pair.first_country),
        "there": country_label(found.country_pair.second_country),
        "lines": compare_with_article(
            found.all_agreement_figures, found.city_agreement_figures, found.article
        ),
        "untapped": [
            (row, [UNTAPPED_REASON_LABELS[reason] for reason in sorted(row.untapped_reasons)])
            for row in found.agreements_with_potential
        ],
        "never_asked": paginate_sequence(request, found.never_asked_agreements),
        "groups": [
            (pgettext_lazy("cities", "Donated to cities on this side"), donations.to_home, True),
            (_("Donated to others, with an agreement on this side"), donations.from_partners, True),
            (_("Donated to others, with no agreement on this side"), donations.from_others, False),
            (_("After this date"), donations.after_date, False),
        ],
        "shipments": shipment_urls_of(
            [*donations.to_home, *donations.from_partners, *donations.from_others, *donations.after_date],
            request.by,
        ),
        "compares": found.article is not None and not _is_as_published(found.country_pair, found.article),
    }


def compare_with_article(
    all_: AgreementFigures, of_cities: AgreementFigures, article: Article | None
) -> list[CountComparison]:
    """Return the article's questions with three counts: all agreements, those between cities, the article."""
    figures = article.figures if article else None
    return [
        CountComparison(
            COUNT_LABELS[one.name],
            getattr(all_, one.name),
            getattr(of_cities, one.name),
            getattr(figures, one.name, None),
            DIFFERENCE_REASONS[one.name],
        )
        for one in fields(AgreementFigures)
    ]


def _is_as_published(sides: CountryPairQuery, article: Article) -> bool:
    return (sides.since, sides.reference_date) == (article.active_since, article.figures_date)


def _country_pair(chosen: dict[str, Any]) -> CountryPairQuery:
    return CountryPairQuery(
        first_country=chosen["here"],
        second_country=chosen["there"],
        since=chosen["since"],
        reference_date=chosen["on"],
    )


def _csv_download(request: AuthenticatedRequest, found: UntappedPotential) -> HttpResponseBase:
    """Return the agreements as CSV.

    With `of=donations` it returns the donations, with `of=figures` the counts.
    """
    pair = f"{found.country_pair.first_country}-{found.country_pair.second_country}".lower()
    if request.GET.get("of") == "figures":
        lines = compare_with_article(found.all_agreement_figures, found.city_agreement_figures, found.article)
        return csv_response(
            request,
            f"figures-{pair}",
            ARTICLE_FIGURE_COLUMNS if found.article else ARTICLE_FIGURE_COLUMNS[:3],
            lines,
        )
    if request.GET.get("of") == "donations":
        donations = found.donations
        return csv_response(
            request,
            f"donations-{pair}",
            DONATION_COLUMNS,
            [*donations.to_home, *donations.from_partners, *donations.from_others, *donations.after_date],
        )
    return csv_response(request, f"ties-{pair}", UNTAPPED_POTENTIAL_COLUMNS, found.rows)


def _country_choices(
    request: AuthenticatedRequest, today: date
) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return the countries by name, and the initial pair of countries and dates.

    The first country is the one asked for, else the reader's own, of several the one with most
    agreements. The other is the one it has most agreements with. If only the other side is asked for, the
    first is an own country, else the one with most agreements with it.
    """
    pairs = TwinningAgreement.objects.visible_to(request.by).values_list("city_a__country", "city_b__country")
    counted = Counter(frozenset(pair) for pair in pairs.iterator() if pair[0] != pair[1])
    codes = {code for pair in counted for code in pair}
    mine = _own_countries(request.by) & codes
    asked_here, asked_there = (normalize_code(request.GET.get(name, "")) for name in COUNTRY_SIDES)
    if asked_there in codes and asked_here not in codes:
        here = (
            min(mine - {asked_there})
            if mine - {asked_there}
            else _most_frequent_partner(asked_there, counted, codes)
        )
    else:
        here = asked_here if asked_here in codes else _most_frequent_country(counted, mine or codes)
    there = _most_frequent_partner(here, counted, codes)
    named = sorted(((code, country_label(code)) for code in codes), key=lambda one: one[1])
    days = {"since": ACTIVE_SINCE.isoformat(), "on": today.isoformat()}
    return named, {"here": here, "there": there, **days}


def _own_countries(by: Permissions) -> set[str]:
    """Return the countries of the cities this person speaks for.

    For a coordinator of the whole network without such cities: the countries of all cities with members.
    """
    own = set(City.objects.filter(pk__in=by.cities_of_person).values_list("country", flat=True))
    if own or not by.oversees_all_cities:
        return own
    return set(City.objects.filter(memberships__isnull=False).values_list("country", flat=True))


def _most_frequent_partner(code: str, counted: Counter[frozenset[str]], codes: set[str]) -> str:
    """Return the country with most agreements with this one."""
    return _most_frequent_country(
        Counter({pair: n for pair, n in counted.items() if code in pair}), codes - {code}
    )


def _most_frequent_country(counted: Counter[frozenset[str]], among: Iterable[str]) -> str:
    """Return the country among these with most agreements; of several, the first by code."""
    agreement_counts: Counter[str] = Counter()
    for pair, number in counted.items():
        for code in pair:
            agreement_counts[code] += number
    return min(among, key=lambda code: (-agreement_counts[code], code), default="")
