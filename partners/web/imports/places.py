"""The places a file names of which it is not plain which are meant: chosen, entered as new, or left out."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partners.actions import imports
from partners.actions.imports import ASK, FROM_FILE, OUT, answer_all
from partners.labels import country_label
from partners.models.imports import Import, ImportPlace
from partners.rules.imports import ANSWER
from partners.visit import Visit
from partners.web.imports.batch import STEPS
from partners.web.imports.found import find
from workflow import clock
from workflow.doors import words
from workflow.doors.http import attempt, show
from workflow.errors import NOT_ALLOWED

AT_ONCE = 25  # places on a page


class Answers(forms.Form):
    """For each open place what it is; what is left undecided stays open."""

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
                % {"count": words.quantity(place.times)},
            )

    @property
    def said(self) -> dict[int, str]:
        """The answers by the number of the place. An empty one takes back what was answered before."""
        told = {
            int(name.partition("_")[2]): answer
            for name, answer in self.cleaned_data.items()
            if name in self.data
        }
        return {pk: answer or ASK for pk, answer in told.items() if answer or pk in self.answered}


def _named(place: ImportPlace) -> str:
    """The place as the file names it."""
    country = country_label(place.country) if len(place.country) == 2 else place.country
    return ", ".join(part for part in (place.name, country) if part)


def _choices(place: ImportPlace) -> list[tuple[str, Any]]:
    found = [(one["slug"], _option(one)) for one in place.options]
    if len(place.country) == 2:
        found.append((FROM_FILE, gettext("A new place, as the file names it")))
    return [*found, (OUT, gettext("Leave its rows out"))]


def _answer(place: ImportPlace) -> str:
    """What somebody has answered already, as the form sends it."""
    if place.verdict == ImportPlace.Verdict.OUT:
        return OUT
    if place.verdict == ImportPlace.Verdict.NEW:
        number = place.facts.get("geonames_id")
        return f"geonames:{number}" if number else FROM_FILE
    return place.slug


def _option(one: dict[str, Any]) -> str:
    """A place it may be: its name, country and size; a star where it is not in the register yet."""
    parts = [one["name"], country_label(one["country"])]
    if one["population"]:
        parts.append(gettext("%(count)s people") % {"count": words.quantity(one["population"])})
    if one["latitude"] is not None:
        parts.append(f"{one['latitude']:.2f}, {one['longitude']:.2f}")
    text = " · ".join(parts)
    return text if not one["facts"] else gettext("%(place)s (new, from GeoNames)") % {"place": text}


@login_required
def answer_places(request: Visit, pk: int) -> HttpResponse:
    """The open places, a page of them at a time, and one answer for all that nobody knows; `?again` shows those that were answered."""
    batch = find(request, pk)
    template, closed = "partners/imports/places.html", ANSWER.refusal(request.by, batch, clock.now())
    context: dict[str, Any] = {"batch": batch, "steps": STEPS, "step": 3, "refused": closed}
    if closed is not None:
        return show(request, template, context, status=403 if closed.code == NOT_ALLOWED else 409)
    context |= _asked(batch, again="again" in request.GET)
    form = context["form"] = Answers(request.POST or None, context["places"])
    if not form.is_valid():
        return show(request, template, context, status=422 if form.is_bound else 200)
    every = request.POST.get("every", "")

    def act() -> Import:
        if every in (OUT, FROM_FILE):
            return answer_all(batch, every, by=request.by, at=clock.now())
        return imports.answer_places(batch, form.said, by=request.by, at=clock.now())

    return attempt(request, act, done=_after, template=template, context=context)


def _asked(batch: Import, *, again: bool) -> dict[str, Any]:
    open_places = batch.places.open()
    asked = batch.places.filter(answered=True) if again else open_places
    return {
        "places": list(asked.order_by("-times", "pk")[:AT_ONCE]),
        "again": again,
        "unknown": 0 if again else open_places.filter(options=[]).count(),
        "from_file": FROM_FILE,
        "out": OUT,
    }


def _after(batch: Import) -> str:
    page = batch.get_absolute_url()
    return f"{page}places/" if batch.open_places else page


urlpatterns = [path("register/imports/<int:pk>/places/", answer_places, name="import_places")]
