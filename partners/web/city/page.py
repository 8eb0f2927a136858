"""The page of a place, and its two tables as files."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http.response import HttpResponseBase
from django.urls import path

from partners.endings import over
from partners.models.cities import City
from partners.models.corrections import ABOUT, Correction
from partners.models.disputes import Dispute
from partners.models.people import Contact, Organisation
from partners.roles import Power
from partners.rules.answers import usual
from partners.rules.powers import Powers
from partners.rules.ties import may_edit_for
from partners.visit import Visit
from partners.web import disputes, record
from partners.web.cities import SHOWN, find
from partners.web.city import agreements
from partners.web.city.agreements import tie_rows
from partners.web.city.passed import COLUMNS, Narrowing, exchange_context, passed
from partners.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import show

EXCHANGES = "exchanges"  # `?as=csv&of=exchanges`; the agreements otherwise


@login_required
def city(request: Visit, slug: str) -> HttpResponseBase:
    """One place: who it is tied to and since when, what passed between them, its offices, and where each fact comes from."""
    thing, by = find(request, slug), request.by
    today = thing.day_at(clock.now())
    if wanted(request):
        return _file(request, thing)
    ties = tie_rows(thing, today)
    told = list(disputes.told(Dispute.objects.of(thing)))
    seats, keeps = list(offices(thing, by)), thing.pk in by.sees
    context = {
        "city": thing,
        "ties": ties,
        "ended": any(row.ended for row in ties),
        "corrections": waiting(thing),
        "disputes": told,
        "conflicts": agreements.untold(ties, told),
        "offices": seats,
        "keeps": keeps,
        "answers_in": answers_in(seats) if keeps else None,
        "today": today,
        "is_mine": thing.pk in by.speaks_for,
        "may_edit": may_edit_for(by, thing.pk),
        "may_invite": by.may(Power.INVITE_CONTACT, thing),
        "may_see_people": keeps or thing.pk in by.manages,
        "powers": by,
        "endings": [
            ending
            for ending in over((row.tie for row in ties), today).values()
            if ending.tie.partner_of(thing).pk in by.speaks_for
        ],
    }
    context |= exchange_context(thing, by, request.GET)
    return show(request, "partners/city.html", context | record.of(request, thing))


def _file(request: Visit, thing: City) -> HttpResponseBase:
    """One of the two tables, whole; the exchanges as the page narrowed them."""
    if request.GET.get("of") == EXCHANGES:
        narrowing = Narrowing.of(request.GET)
        rows = (one for one in passed(thing, request.by) if narrowing.fits(one, thing))
        return sheet(request, f"exchanges-{thing.slug}", COLUMNS, rows)
    ties = tie_rows(thing, thing.day_at(clock.now()))
    return sheet(request, f"agreements-{thing.slug}", agreements.COLUMNS, ties)


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


urlpatterns = [path("cities/<slug:slug>/", city, name="city")]
