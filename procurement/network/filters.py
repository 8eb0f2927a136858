"""Filters and date of the network page. The address holds the whole choice."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.place_labels import country_label, subdivision_label
from partners.validators import is_country_code
from procurement.exports.register_columns import AGREEMENT_STATUS_LABELS
from procurement.network.register_rows import AgreementOnDate
from workflow.errors import LazyText
from workflow.http.forms import DayField

HOLDS, UNDATED = "holds", "undated"

OWNERSHIP_CHOICES = [("", _("My cities")), ("all", _("All"))]
AGREEMENT_STATE_CHOICES: list[tuple[str, LazyText]] = [
    ("", _("Any")),
    (HOLDS, _("Current: in force or status unknown")),
    *((str(status), AGREEMENT_STATUS_LABELS[status]) for status in AgreementStatus),
    (UNDATED, _("Date of signature unknown")),
]
ACTIVITY_CHOICES = [
    ("", _("Any")),
    ("active", _("At least one exchange since 2015")),
    ("none", _("No exchange since 2015")),
]


class SliderInput(forms.NumberInput):
    """Widget for a slider (HTML range input)."""

    input_type = "range"


class NetworkFilterForm(forms.Form):
    """Form that filters twinning agreements by city, country, kind, status, activity and date.

    `month` is the position of the slider, `was` its position when the page was loaded.
    """

    of = forms.ChoiceField(label=_("Agreements shown"), required=False, choices=OWNERSHIP_CHOICES)
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    subdivision = forms.ChoiceField(label=_("Province or state"), required=False)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Any")), *TwinningAgreement.Kind.choices]
    )
    state = forms.ChoiceField(label=_("Status"), required=False, choices=AGREEMENT_STATE_CHOICES)
    activity = forms.ChoiceField(label=_("Activity"), required=False, choices=ACTIVITY_CHOICES)
    on = DayField(label=_("As of"), required=False, help_text="")
    month = forms.IntegerField(
        label=_("Month"), required=False, widget=SliderInput(attrs={"class": "slider"})
    )
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class MonthSpan:
    """Months of the slider, from the earliest signed agreement to the present."""

    first: date
    last: date

    @property
    def last_month_number(self) -> int:
        """Number of the last month; the first month is 0."""
        return self.month_number(self.last)

    def month_number(self, day: date) -> int:
        """Return the number of the month of a date."""
        return max(0, (day.year - self.first.year) * 12 + day.month - self.first.month)

    def last_day_of_month(self, month: int) -> date:
        """Return the last day of a month, but never a date after the present."""
        month = min(max(0, month), self.last_month_number)
        year, rest = divmod(self.first.month - 1 + month, 12)
        year += self.first.year
        return min(self.last, date(year, rest + 1, calendar.monthrange(year, rest + 1)[1]))


def chosen_day(data: Any, span: MonthSpan) -> date:
    """Return the date chosen: by the slider if it was moved, else as typed, else the present.

    The slider was moved if `month` differs from `was`, its position when the page was loaded.
    """
    query = NetworkFilterForm(data)
    query.is_valid()
    values = query.cleaned_data
    if _was_slider_moved(values):
        return span.last_day_of_month(values["month"])
    day: date | None = values.get("on")
    return day or span.last


def _was_slider_moved(values: dict[str, Any]) -> bool:
    """Return True if the slider was moved."""
    return values.get("month") is not None and values["month"] != values.get("was")


def filter_form(
    data: Any, agreements: Collection[AgreementOnDate], on: date, span: MonthSpan, *, has_own: bool
) -> NetworkFilterForm:
    """Return the filter form with the countries that exist and the provinces of the chosen country.

    A typed date that is invalid stays in the form with its error.
    """
    values = {name: data.get(name, "") for name in NetworkFilterForm.base_fields}
    place, typed = span.month_number(on), NetworkFilterForm(data)
    day = (
        values["on"]
        if typed.has_error("on") and not _was_slider_moved(typed.cleaned_data)
        else on.isoformat()
    )
    form = NetworkFilterForm({**values, "on": day, "month": place, "was": place})
    sides = {
        (side.country, side.subdivision)
        for agreement in agreements
        for side in (agreement.home_city, agreement.partner_city)
    }
    # The chosen country stays an option even without agreements on that day; else the slider would show all countries.
    country, part = values["country"], values["subdivision"]
    codes = {code for code, _part in sides} | ({country} if is_country_code(country) else set())
    parts = {one for code, one in sides if one and code == country}
    parts |= {part} if country and part.startswith(f"{country}-") else set()
    _set_choices(form, "country", [(code, country_label(code)) for code in codes])
    _set_choices(form, "subdivision", [(code, subdivision_label(code)) for code in parts])
    if not parts:
        del form.fields["subdivision"]
    if not has_own:
        del form.fields["of"]
    attrs = form.fields["month"].widget.attrs
    attrs["min"], attrs["max"] = 0, span.last_month_number
    return form


def _set_choices(form: NetworkFilterForm, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # declared above
    field.choices = [("", _("Any")), *sorted(choices, key=lambda one: one[1])]


def filtered_agreements(
    agreements: Collection[AgreementOnDate], query: dict[str, Any], mine: Collection[int] | None
) -> list[AgreementOnDate]:
    """Return the agreements that match, with our side first.

    Our side is one of the reader's cities (`mine`), else the place in the chosen country or province.
    """
    found = []
    for agreement in agreements:
        one = _with_own_side_first(agreement, query, mine)
        if one is not None and _matches_filters(one, query):
            found.append(one)
    return found


def _with_own_side_first(
    agreement: AgreementOnDate, query: dict[str, Any], mine: Collection[int] | None
) -> AgreementOnDate | None:
    """Return the agreement with our side first, or None if neither side is ours or in the chosen place."""
    if mine is not None and agreement.home_city.pk not in mine:
        if agreement.partner_city.pk not in mine:
            return None
        agreement = agreement.with_sides_swapped
    country, part = query.get("country"), query.get("subdivision")
    if not country:
        return agreement
    here = agreement.home_city.country == country and part in ("", None, agreement.home_city.subdivision)
    there = agreement.partner_city.country == country and part in (
        "",
        None,
        agreement.partner_city.subdivision,
    )
    if not (here or there):
        return None
    return agreement.with_sides_swapped if mine is None and not here else agreement


def _matches_filters(agreement: AgreementOnDate, query: dict[str, Any]) -> bool:
    state, activity, kind = query.get("state"), query.get("activity"), query.get("kind")
    if kind and agreement.record.kind != kind:
        return False
    if activity and agreement.active != (activity == "active"):
        return False
    if state == HOLDS:
        return not agreement.ended
    return agreement.undated if state == UNDATED else state in ("", None, str(agreement.status))
