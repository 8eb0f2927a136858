"""Page to decide about the doubtful places of a file: choose a city, add a new one, or exclude it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.place_labels import country_label
from partners.register_import.actions import imports
from partners.register_import.actions.imports import (
    DECIDE_LATER_ANSWER,
    LEAVE_OUT_ANSWER,
    USE_FILE_FACTS_ANSWER,
    answer_open_places,
)
from partners.register_import.models import Import, ImportPlace
from partners.register_import.rules import CONFIRM_PLACES
from partners.register_import.views.check_results import get_import_or_404
from partners.register_import.views.imports import IMPORT_STEP_LABELS
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
                label=_label(place),
                choices=[("", _("– decide later –")), *_place_choices(place)],
                required=False,
                initial=_earlier_answer(place),
                help_text=ngettext("%(count)s time in the file", "%(count)s times in the file", place.times)
                % {"count": format_quantity(place.times)},
            )

    @property
    def answers(self) -> dict[int, str]:
        """Answers by the id of the place. An empty choice withdraws an earlier answer."""
        sent = {
            int(name.partition("_")[2]): answer
            for name, answer in self.cleaned_data.items()
            if name in self.data
        }
        return {
            pk: answer or DECIDE_LATER_ANSWER for pk, answer in sent.items() if answer or pk in self.answered
        }


def _label(place: ImportPlace) -> str:
    """Return the place as the file names it."""
    country = country_label(place.country) if len(place.country) == 2 else place.country
    return ", ".join(part for part in (place.name, country) if part)


def _place_choices(place: ImportPlace) -> list[tuple[str, Any]]:
    choices = [(option["slug"], _option_label(option)) for option in place.options]
    if len(place.country) == 2:
        choices.append((USE_FILE_FACTS_ANSWER, gettext("New place, named as in the file")))
    return [*choices, (LEAVE_OUT_ANSWER, gettext("Leave out these rows"))]


def _earlier_answer(place: ImportPlace) -> str:
    """Return the earlier answer about a place, as the form sends it."""
    if place.verdict == ImportPlace.Verdict.EXCLUDED:
        return LEAVE_OUT_ANSWER
    if place.verdict == ImportPlace.Verdict.NEW:
        number = place.facts.get("geonames_id")
        return f"geonames:{number}" if number else USE_FILE_FACTS_ANSWER
    return place.slug


def _option_label(option: dict[str, Any]) -> str:
    """Return the label of a possible city: name, country, population, position, and a note if it is new."""
    parts = [option["name"], country_label(option["country"])]
    if option["population"]:
        parts.append(gettext("%(count)s people") % {"count": format_quantity(option["population"])})
    if option["latitude"] is not None:
        parts.append(f"{option['latitude']:.2f}, {option['longitude']:.2f}")
    text = " · ".join(parts)
    return text if not option["facts"] else gettext("%(place)s (new, from GeoNames)") % {"place": text}


@login_required
def answer_places(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the open places, one page at a time, and take the answers.

    One answer can cover all places without options. `?again` shows the places that are answered already.
    """
    source_import = get_import_or_404(request, pk)
    template, refusal = (
        "register_import/places.html",
        CONFIRM_PLACES.refusal(request.by, source_import, clock.now()),
    )
    context: dict[str, Any] = {
        "source_import": source_import,
        "steps": IMPORT_STEP_LABELS,
        "step": 3,
        "refused": refusal,
    }
    if refusal is not None:
        return render_page(request, template, context, status=403 if refusal.code == NOT_ALLOWED else 409)
    context |= _places_context(source_import, again="again" in request.GET)
    form = context["form"] = PlaceAnswersForm(request.POST or None, context["places"])
    if not form.is_valid():
        return render_page(request, template, context, status=422 if form.is_bound else 200)
    answer_for_all = request.POST.get("every", "")

    def save() -> Import:
        if answer_for_all in (LEAVE_OUT_ANSWER, USE_FILE_FACTS_ANSWER):
            return answer_open_places(source_import, answer_for_all, by=request.by, at=clock.now())
        return imports.set_place_answers(source_import, form.answers, by=request.by, at=clock.now())

    return run_action(request, save, done=_next_url, template=template, context=context)


def _places_context(source_import: Import, *, again: bool) -> dict[str, Any]:
    open_places = source_import.places.undecided()
    shown = source_import.places.filter(answered=True) if again else open_places
    return {
        "places": list(shown.order_by("-times", "pk")[:PLACES_PER_PAGE]),
        "again": again,
        "unknown": 0 if again else open_places.filter(options=[]).count(),
        "from_file": USE_FILE_FACTS_ANSWER,
        "out": LEAVE_OUT_ANSWER,
    }


def _next_url(source_import: Import) -> str:
    page = source_import.get_absolute_url()
    return f"{page}places/" if source_import.open_places else page
