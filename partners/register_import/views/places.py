"""Page to decide about the doubtful places of a file: choose a city, add a new one, or exclude it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.place_names import country_label
from partners.register_import.actions import imports
from partners.register_import.actions.imports import ASK, FROM_FILE, OUT, answer_open_places
from partners.register_import.models import Import, ImportPlace
from partners.register_import.rules import ANSWER
from partners.register_import.views.check_results import get_import_or_404
from partners.register_import.views.imports import STEPS
from workflow import clock
from workflow.errors import NOT_ALLOWED
from workflow.formatting import format_quantity
from workflow.http.pages import render_page, run_action

PLACES_PER_PAGE = 25  # places on one page


class PlaceAnswersForm(forms.Form):
    """Form with one choice for each open place. A place without a choice stays open."""

    def __init__(self, data: Any, places: list[ImportPlace]) -> None:
        super().__init__(data)
        self.answered = {place.pk for place in places if place.answered}
        for place in places:
            self.fields[f"place_{place.pk}"] = forms.ChoiceField(
                label=_named(place),
                choices=[("", _("– decide later –")), *_choices(place)],
                required=False,
                initial=_answer(place),
                help_text=ngettext("%(count)s time in the file", "%(count)s times in the file", place.times)
                % {"count": format_quantity(place.times)},
            )

    @property
    def said(self) -> dict[int, str]:
        """Answers by the id of the place. An empty choice withdraws an earlier answer."""
        answers = {
            int(name.partition("_")[2]): answer
            for name, answer in self.cleaned_data.items()
            if name in self.data
        }
        return {pk: answer or ASK for pk, answer in answers.items() if answer or pk in self.answered}


def _named(place: ImportPlace) -> str:
    """Return the place as the file names it."""
    country = country_label(place.country) if len(place.country) == 2 else place.country
    return ", ".join(part for part in (place.name, country) if part)


def _choices(place: ImportPlace) -> list[tuple[str, Any]]:
    found = [(one["slug"], _option(one)) for one in place.options]
    if len(place.country) == 2:
        found.append((FROM_FILE, gettext("New place, named as in the file")))
    return [*found, (OUT, gettext("Leave out its rows"))]


def _answer(place: ImportPlace) -> str:
    """Return the earlier answer about a place, as the form sends it."""
    if place.verdict == ImportPlace.Verdict.OUT:
        return OUT
    if place.verdict == ImportPlace.Verdict.NEW:
        number = place.facts.get("geonames_id")
        return f"geonames:{number}" if number else FROM_FILE
    return place.slug


def _option(one: dict[str, Any]) -> str:
    """Return the label of a possible city: name, country, population, position, and a note if it is new."""
    parts = [one["name"], country_label(one["country"])]
    if one["population"]:
        parts.append(gettext("%(count)s people") % {"count": format_quantity(one["population"])})
    if one["latitude"] is not None:
        parts.append(f"{one['latitude']:.2f}, {one['longitude']:.2f}")
    text = " · ".join(parts)
    return text if not one["facts"] else gettext("%(place)s (new, from GeoNames)") % {"place": text}


@login_required
def answer_places(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the open places, one page at a time, and take the answers.

    One answer can cover all places without options. `?again` shows the places that are answered already.
    """
    source_import = get_import_or_404(request, pk)
    template, closed = "register_import/places.html", ANSWER.refusal(request.by, source_import, clock.now())
    context: dict[str, Any] = {"source_import": source_import, "steps": STEPS, "step": 3, "refused": closed}
    if closed is not None:
        return render_page(request, template, context, status=403 if closed.code == NOT_ALLOWED else 409)
    context |= _asked(source_import, again="again" in request.GET)
    form = context["form"] = PlaceAnswersForm(request.POST or None, context["places"])
    if not form.is_valid():
        return render_page(request, template, context, status=422 if form.is_bound else 200)
    every = request.POST.get("every", "")

    def act() -> Import:
        if every in (OUT, FROM_FILE):
            return answer_open_places(source_import, every, by=request.by, at=clock.now())
        return imports.answer_places(source_import, form.said, by=request.by, at=clock.now())

    return run_action(request, act, done=_after, template=template, context=context)


def _asked(source_import: Import, *, again: bool) -> dict[str, Any]:
    open_places = source_import.places.open()
    shown = source_import.places.filter(answered=True) if again else open_places
    return {
        "places": list(shown.order_by("-times", "pk")[:PLACES_PER_PAGE]),
        "again": again,
        "unknown": 0 if again else open_places.filter(options=[]).count(),
        "from_file": FROM_FILE,
        "out": OUT,
    }


def _after(source_import: Import) -> str:
    page = source_import.get_absolute_url()
    return f"{page}places/" if source_import.open_places else page
