"""The register on pages: the list of cities, and the page of one with its agreements, exchanges, offices and sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.candidates import active_since_2015
from partners.labels import country_label
from partners.models import City, Contact, Correction, Dispute, Exchange, Organisation, Twinning
from partners.models.cities import CityQuerySet
from partners.models.corrections import ABOUT
from partners.register import Standing, status_on
from partners.roles import Power
from partners.rules import Powers
from partners.rules.answers import usual
from partners.rules.ties import may_edit_for
from partners.visit import Visit
from partners.web import disputes, record
from workflow import clock
from workflow.doors.http import show
from workflow.doors.lists import page

SHOWN = 100  # exchanges on a city's page, the newest first; the file has them all
MARKS = {  # the name of each standing in the table of statuses
    Standing.IN_FORCE: "in_force",
    Standing.EXPIRED: "tie_expired",
    Standing.TERMINATED: "tie_terminated",
    Standing.SUSPENDED: "tie_suspended",
    Standing.UNKNOWN: "tie_unknown",
}


class Filters(forms.Form):
    """What a reader may narrow the list by; a filter is an address."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    tied = forms.ChoiceField(
        label=_("Ties"), required=False, choices=[("", _("Any")), ("mine", _("Twinned with my city"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [("", _("Any")), *countries()]


def countries() -> list[tuple[str, str]]:
    """The countries and regions of the register, by their names in the reader's language."""
    codes = City.objects.order_by("country").values_list("country", flat=True).distinct()
    return sorted(((code, country_label(code)) for code in codes), key=lambda pair: pair[1])


@dataclass(frozen=True)
class TieRow:
    """An agreement as a city's page shows it."""

    tie: Twinning
    partner: City
    mark: str
    active: bool

    @property
    def over(self) -> bool:
        """Whether it may have ended: a day still to come is not told beside "in force"."""
        return self.mark != MARKS[Standing.IN_FORCE]


def tie_rows(city: City, on: date) -> list[TieRow]:
    """The agreements of a city, what holds first, then by the partner's name. Two queries."""
    ties = list(Twinning.objects.of(city).select_related("city_a", "city_b").order_by("pk"))
    active = active_since_2015({city.pk}, on)
    order = list(MARKS.values())
    rows = [
        TieRow(
            tie,
            partner := tie.partner_of(city),
            MARKS[status_on(tie, on)],
            frozenset((city.pk, partner.pk)) in active,
        )
        for tie in ties
    ]
    return sorted(rows, key=lambda row: (order.index(row.mark), row.partner.name_en, row.tie.pk))


@login_required
def cities(request: Visit) -> HttpResponse:
    """Every place of the register, by name."""
    rows, form = City.objects.visible_to(request.by), Filters(request.GET)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data, request.by)
    context = {
        "page": page(request, rows, {"name": "name_en"}, order="name"),
        "own": City.objects.filter(pk__in=request.by.speaks_for).order_by("name_en", "pk"),
        "filters": form,
        "may_add": request.by.may(Power.EDIT_REGISTER, City()),
    }
    return show(request, "partners/cities.html#cities", context)


def _narrowed(rows: CityQuerySet, asked: dict[str, str], by: Powers) -> CityQuerySet:
    rows = rows.search(asked["q"])
    if asked["country"]:
        rows = rows.filter(country=asked["country"])
    return rows.filter(pk__in=by.twins) if asked["tied"] else rows


def find(request: Visit, slug: str) -> City:
    """The place, as far as the reader may see it."""
    return get_object_or_404(City.objects.visible_to(request.by), slug=slug)


@login_required
def city(request: Visit, slug: str) -> HttpResponse:
    """One place: who it is tied to and since when, what passed between them, its offices, and where each fact comes from."""
    thing, by, today = find(request, slug), request.by, clock.now().date()
    keeps = thing.pk in by.sees
    exchanges = Exchange.objects.visible_to(by).of(thing).select_related("from_city", "to_city")
    context = {
        "city": thing,
        "ties": (ties := tie_rows(thing, today)),
        "corrections": waiting(thing),
        "disputes": (told := list(disputes.told(Dispute.objects.of(thing)))),
        "conflicts": untold(ties, told),
        "exchanges": exchanges.order_by("-on", "-pk")[:SHOWN],
        "offices": (seats := list(offices(thing, by))),
        "keeps": keeps,
        "answers_in": answers_in(seats) if keeps else None,
        "today": today,
        "is_mine": thing.pk in by.speaks_for,
        "may_edit": may_edit_for(by, thing.pk),
        "may_invite": by.may(Power.INVITE_CONTACT, thing),
        "may_see_people": thing.pk in by.sees or thing.pk in by.manages,
    }
    return show(request, "partners/city.html", context | record.of(request, thing))


def untold(ties: Iterable[TieRow], told: Iterable[Dispute]) -> list[TieRow]:
    """The agreements whose disagreement stands in one text only: nobody has noted yet which source says what."""
    known = {dispute.twinning_id for dispute in told}
    return [row for row in ties if row.tie.conflict and row.tie.pk not in known]


def waiting(city: City) -> Iterable[Correction]:
    """What was proposed about a place, its agreements and its exchanges, and nobody has decided."""
    rows = Correction.objects.of(city).waiting()
    return rows.select_related("author", *ABOUT).order_by("pk")[:SHOWN]


def offices(city: City, by: Powers) -> Iterable[Organisation]:
    """The organisations of a city, each with the contacts whom the reader may see."""
    people = Contact.objects.visible_to(by).select_related("user").order_by("pk")
    rows = Organisation.objects.visible_to(by).filter(city=city).select_related("city")
    return rows.prefetch_related(Prefetch("contacts", people, to_attr="seen")).order_by("kind", "pk")


def answers_in(offices: Iterable[Any]) -> int | None:
    """The median hours of all who answer for a place: told to those who keep it, and to nobody beside another's."""
    return usual(hours for office in offices for contact in office.seen for hours in contact.answer_times)


def between(a: City, b: City) -> QuerySet[Exchange]:
    """What passed between two places, the newest first."""
    rows = Exchange.objects.filter(Q(from_city=a, to_city=b) | Q(from_city=b, to_city=a))
    return rows.select_related("from_city", "to_city").order_by("-on", "-pk")


urlpatterns = [
    path("cities/", cities, name="cities"),
    path("cities/<slug:slug>/", city, name="city"),
]
