"""What a reader may narrow the network by, and the day it is seen on: a filter is an address."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.labels import country_label, subdivision_label
from partners.models.ties import Twinning
from partners.places import is_country
from partners.register.standing import Standing
from procurement.exchange.register import STANDINGS
from procurement.web.network.reading import Seen
from workflow.doors.forms import DayField
from workflow.errors import Words

HOLDS, UNDATED = "holds", "undated"

OF = [("", _("My cities")), ("all", _("All"))]
STATES: list[tuple[str, Words]] = [
    ("", _("Any")),
    (HOLDS, _("Holding: in force or not known")),
    *((str(standing), STANDINGS[standing]) for standing in Standing),
    (UNDATED, _("Signed on an unknown day")),
]
ACTIVITY = [("", _("Any")), ("active", _("An exchange since 2015")), ("none", _("No exchange since 2015"))]


class Slider(forms.NumberInput):
    """A slider, which the browser draws."""

    input_type = "range"


class Choice(forms.Form):
    """Whose ties, where, of which kind and state, on which day."""

    of = forms.ChoiceField(label=_("Ties of"), required=False, choices=OF)
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    subdivision = forms.ChoiceField(label=_("Province or state"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any")), *Twinning.Kind.choices]
    )
    state = forms.ChoiceField(label=_("Status"), required=False, choices=STATES)
    activity = forms.ChoiceField(label=_("Activity"), required=False, choices=ACTIVITY)
    on = DayField(label=_("As of"), required=False, help_text="")
    month = forms.IntegerField(label=_("Month"), required=False, widget=Slider(attrs={"class": "slider"}))
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Span:
    """The months of the slider: from the earliest signed agreement on, to the present."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """The number of the last month; the first is 0."""
        return self.month(self.last)

    def month(self, day: date) -> int:
        """The number of a day's month."""
        return max(0, (day.year - self.first.year) * 12 + day.month - self.first.month)

    def day(self, month: int) -> date:
        """The last day of a month, none after the present."""
        month = min(max(0, month), self.length)
        year, rest = divmod(self.first.month - 1 + month, 12)
        year += self.first.year
        return min(self.last, date(year, rest + 1, calendar.monthrange(year, rest + 1)[1]))


def day_of(data: Any, span: Span) -> date:
    """The day asked for: the slider's where it was moved from where it `was`, else the one typed, else the present."""
    asked = Choice(data)
    asked.is_valid()
    told = asked.cleaned_data
    if _was_moved(told):
        return span.day(told["month"])
    day: date | None = told.get("on")
    return day or span.last


def _was_moved(told: dict[str, Any]) -> bool:
    """Whether the slider was."""
    return told.get("month") is not None and told["month"] != told.get("was")


def form_for(data: Any, ties: Collection[Seen], on: date, span: Span, *, has_own: bool) -> Choice:
    """The filters as the page shows them, with the countries there are and the provinces of the one chosen.

    What was typed as a day and is none stands there again, with what is wrong with it.
    """
    told = {name: data.get(name, "") for name in Choice.base_fields}
    place, typed = span.month(on), Choice(data)
    day = told["on"] if typed.has_error("on") and not _was_moved(typed.cleaned_data) else on.isoformat()
    form = Choice({**told, "on": day, "month": place, "was": place})
    sides = {(side.country, side.subdivision) for tie in ties for side in (tie.here, tie.there)}
    # The one chosen stands among them also where no tie of it is left on the day: the slider must not show the whole world then.
    country, part = told["country"], told["subdivision"]
    codes = {code for code, _part in sides} | ({country} if is_country(country) else set())
    parts = {one for code, one in sides if one and code == country}
    parts |= {part} if country and part.startswith(f"{country}-") else set()
    _offer(form, "country", [(code, country_label(code)) for code in codes])
    _offer(form, "subdivision", [(code, subdivision_label(code)) for code in parts])
    if not parts:
        del form.fields["subdivision"]
    if not has_own:
        del form.fields["of"]
    attrs = form.fields["month"].widget.attrs
    attrs["min"], attrs["max"] = 0, span.length
    return form


def _offer(form: Choice, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # declared above
    field.choices = [("", _("Any")), *sorted(choices, key=lambda one: one[1])]


def narrowed(ties: Collection[Seen], asked: dict[str, Any], mine: Collection[int] | None) -> list[Seen]:
    """The ties that fit, our side first: of the reader's cities, else of the country or province chosen."""
    found = []
    for tie in ties:
        one = _turned(tie, asked, mine)
        if one is not None and _fits(one, asked):
            found.append(one)
    return found


def _turned(tie: Seen, asked: dict[str, Any], mine: Collection[int] | None) -> Seen | None:
    """The tie with our side first; None where neither side is ours or lies where the reader looks."""
    if mine is not None and tie.here.pk not in mine:
        if tie.there.pk not in mine:
            return None
        tie = tie.turned
    country, part = asked.get("country"), asked.get("subdivision")
    if not country:
        return tie
    here = tie.here.country == country and part in ("", None, tie.here.subdivision)
    there = tie.there.country == country and part in ("", None, tie.there.subdivision)
    if not (here or there):
        return None
    return tie.turned if mine is None and not here else tie


def _fits(tie: Seen, asked: dict[str, Any]) -> bool:
    state, activity, kind = asked.get("state"), asked.get("activity"), asked.get("kind")
    if kind and tie.facts.kind != kind:
        return False
    if activity and tie.active != (activity == "active"):
        return False
    if state == HOLDS:
        return not tie.ended
    return tie.undated if state == UNDATED else state in ("", None, str(tie.standing))
