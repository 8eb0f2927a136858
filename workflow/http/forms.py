"""Renderer of all forms, and fields for figures, days and moments as people type them.

No field depends on the subject of its form.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core import validators
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from workflow.formatting import format_decimals, format_quantity, local_moment, reader_language
from workflow.input_limits import FIRST_YEAR, LAST_YEAR, MAX_UNITS
from workflow.quantities import is_price_of_several, normalize_width, parse_price, parse_quantity

# Thousands separated by one and the same mark, then a different decimal mark.
GROUPED_NUMBER_PATTERN = re.compile(
    r"-?[1-9][0-9]{0,2}([ '’_,.])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)([.,])[0-9]+)?"
)
SINGLE_MARK_NUMBER_PATTERN = re.compile(r"-?[0-9]*[.,][0-9]*")
TEN_THOUSANDS_PATTERN = re.compile(r"-?[1-9][0-9]*,[0-9]{4}")
PLAIN_FIGURES_PATTERN = re.compile(r"[0-9 \u00a0\u202f.,'’]*")
INTEGER_PATTERN = re.compile(r"-?[0-9]*")
DECIMAL_PATTERN = re.compile(r"-?[0-9]*\.?[0-9]*")
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y %m %d", "%Y年%m月%d日", "%Y%m%d"]
MOMENT_FORMATS = [f"{day} {time}" for day in DAY_FORMATS for time in ("%H:%M", "%H h %M", "%Hh%M")] + [
    "%Y-%m-%dT%H:%M"
]
CHECKBOX_WIDGETS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
# Django's label of an empty choice. Django's own catalogues have it in French but not in Chinese, so ours have it too.
gettext_noop("- Select an option -")


class ProjectBoundField(forms.BoundField):
    """Field as the templates show it; its control has the CSS class of its kind."""

    @property
    def data(self) -> Any:
        """Submitted text with a line feed at the end of each line.

        Browsers send a carriage return and a line feed, which would count as two characters.
        """
        sent = super().data
        return sent.replace("\r\n", "\n") if isinstance(sent, str) else sent

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Return Django's attributes (required, aria-invalid, aria-describedby) and the class of the control."""
        attrs = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        own = shown.attrs.get("class", "")
        attrs["class"] = f"{self._class_of(shown)} {own}".strip()
        return attrs

    @staticmethod
    def _class_of(widget: forms.Widget) -> str:
        if widget.is_hidden:
            return ""
        if isinstance(widget, CHECKBOX_WIDGETS):
            return "form-check-input"
        if getattr(widget, "input_type", "") == "range":
            return "form-range"
        return "form-select" if isinstance(widget, forms.Select) else "form-control"

    @property
    def parsed_value(self) -> str:
        """Value of a typed number such as 2万, as the reader's language writes it.

        Empty if it was typed in figures only, or is not understood.
        """
        known = getattr(self.form, "cleaned_data", {}).get(self.name)
        typed = self.data
        numeric = isinstance(self.field, QuantityField | MoneyField) and isinstance(typed, str)
        if known is None or not numeric or PLAIN_FIGURES_PATTERN.fullmatch(typed):
            return ""
        return str(self.field.prepare_value(known))

    @property
    def conflict(self) -> Any:
        """Two values of a field that two people changed at the same time (`edit_forms.EditConflict`), or None."""
        return getattr(self.form, "conflicts", {}).get(self.name)

    @property
    def is_checkbox(self) -> bool:
        """True for a single tick box: its label is beside it, not above."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class FormRenderer(TemplatesSetting):
    """Renderer of forms, with its templates in templates/forms/.

    It shows the label, the hint, the error and the control, in this order. "(optional)" replaces asterisks.
    """

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = ProjectBoundField


class SuggestionInput(forms.TextInput):
    """Text box that suggests values while a person types.

    `suggestions` returns pairs of the value and a text that is searched and shown beside it.
    """

    template_name = "components/suggestion_input.html"

    def __init__(self, suggestions: Callable[[], Iterable[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with the values to suggest."""
        return super().get_context(name, value, attrs) | {"suggestions": self.suggestions()}

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return Django's attributes, with the id of the list of suggestions."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"list": f"{attrs.get('id', '')}_suggestions", "autocomplete": "off"}


class QuantityField(forms.IntegerField):
    """Field for a count of units.

    Takes 500000, 500 000, 500,000, 2万, “200 boxes of 50” and full-width figures; refuses fractions and more
    than 10^9.
    """

    default_error_messages: ClassVar = {
        "invalid": _("Enter a whole number, such as 10,000, 2万 or 200 boxes of 50.")
    }

    def __init__(self, *, min_value: int = 0, max_value: int = MAX_UNITS, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "numeric", "class": "w-number", "autocomplete": "off"}),
        )
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """Return the typed number. It may have been typed with marks between its thousands."""
        if isinstance(value, str):
            value = normalize_width(value)
            value = _without_thousands_marks(value) if (pieces := parse_quantity(value)) is None else pieces
            if not INTEGER_PATTERN.fullmatch(str(value)):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        number: int | None = super().to_python(value)
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return the value as the reader's language writes it."""
        return format_quantity(value) if isinstance(value, int) else value


class MoneyField(forms.DecimalField):
    """Field for an amount of money.

    Takes a decimal comma or point, spaces between thousands, full-width figures, 1.2万 and 1.2元/只. The amount
    may have a currency beside it if the form's own field `currency` has the same.
    """

    default_error_messages: ClassVar = {
        "invalid": _("Enter the amount as a number, such as 1.20."),
        "no_currency": _("Enter the amount only, such as 1.20. No currency is needed here."),
        "currency_open": _("Choose the currency in its own field as well, or enter the amount only."),
        "several": _(
            "This is the price of a box or of several units. Enter the price of one unit, such as 1.20."
        ),
        "another_currency": _("You entered “%(typed)s”, but the currency is %(currency)s. Make them match."),
    }

    def __init__(
        self, *, min_value: int = 0, max_digits: int = 14, decimal_places: int = 4, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "class": "w-number", "autocomplete": "off"}),
        )
        super().__init__(min_value=min_value, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the typed amount without its currency. `parse_amount` reads its decimal mark."""
        if not isinstance(value, str):
            return super().to_python(value)
        if is_price_of_several(value):
            raise forms.ValidationError(self.error_messages["several"], code="several")
        figure, power, _currencies = parse_price(value) or (value, 0, None)
        figure = parse_amount(figure)
        if not DECIMAL_PATTERN.fullmatch(figure):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        number = super().to_python(figure)
        return number if number is None else number * 10**power

    def _clean_bound_field(self, bound: forms.BoundField) -> Any:
        """Return the amount, after checking a typed currency against the form's field `currency`."""
        typed = bound.data
        found = parse_price(typed) if isinstance(typed, str) else None
        if found is not None and found[2]:
            self._check_currency(bound.form, typed, found[2])
        return super()._clean_bound_field(bound)  # type: ignore[misc]  # Django's own, which its stubs leave out

    def _check_currency(self, form: forms.BaseForm, typed: str, currencies: frozenset[str]) -> None:
        """Refuse a typed currency that is not the form's."""
        if "currency" not in form.fields:
            raise forms.ValidationError(self.error_messages["no_currency"], code="no_currency")
        currency = normalize_width(str(form["currency"].data or "")).upper()
        if not currency:
            raise forms.ValidationError(self.error_messages["currency_open"], code="currency_open")
        if currency not in currencies:
            values = {"typed": typed.strip(), "currency": currency}
            raise forms.ValidationError(
                self.error_messages["another_currency"], code="another_currency", params=values
            )

    def prepare_value(self, value: Any) -> Any:
        """Return the value as the reader's language writes it, with at least two decimals."""
        return format_decimals(value) if isinstance(value, int | Decimal) else value


def parse_amount(text: str) -> str:
    """Return `1 234,50`, `1,234.50`, `1.234,50` or `1,92` as a number that a program reads.

    A single mark is the decimal mark, except a comma before exactly three figures in a language that groups
    with commas. A text that two people would read differently stays as it is, which is not a number.
    """
    text = " ".join(normalize_width(text).split())
    found = GROUPED_NUMBER_PATTERN.fullmatch(text)
    if found and (
        SINGLE_MARK_NUMBER_PATTERN.fullmatch(text) is None or (found[1] == "," and reader_language() != "fr")
    ):
        return text.replace(found[1], "").replace(",", ".")
    by_ten_thousands = reader_language() != "fr" and TEN_THOUSANDS_PATTERN.fullmatch(text) is not None
    return (
        text.replace(",", ".")
        if SINGLE_MARK_NUMBER_PATTERN.fullmatch(text) and not by_ten_thousands
        else text
    )


def _without_thousands_marks(text: str) -> str:
    """Return a count without the marks between its thousands, or unchanged if marks are elsewhere."""
    found = GROUPED_NUMBER_PATTERN.fullmatch(" ".join(text.split()))
    return found[0].replace(found[1], "") if found and not found[2] else text


def _require_calendar_day[D: date](field: forms.Field, day: D | None) -> D | None:
    """Return the day or moment unchanged.

    Refuses a year that is surely a slip, such as 0020 or 9999.
    """
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return day


class DayInput(forms.DateInput):
    """Text box for a day, with a button for the browser's own calendar if it has one (docs/adr/0020)."""

    template_name = "forms/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"inputmode": "numeric", "class": "w-date", "autocomplete": "off", "placeholder": ""}
        super().__init__(attrs=defaults | (attrs or {}), format="%Y-%m-%d")


class DayField(forms.DateField):
    """Field for a day, with the year first: 2020-04-30, 2020/4/30, 2020年4月30日.

    It never takes day and month in an order that a reader must guess.
    """

    widget = DayInput
    default_error_messages: ClassVar = {
        "invalid": _("Enter the date as year-month-day, for example 2020-04-30.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Year-month-day, for example 2020-04-30."))
        super().__init__(input_formats=DAY_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the typed day; full-width figures are allowed."""
        day: date | None = super().to_python(normalize_width(value) if isinstance(value, str) else value)
        return _require_calendar_day(self, day)


class LinesField(forms.CharField):
    """Field for several short texts, one per line.

    Empty lines are left out. `longest` is the maximum number of characters in a line, `most` that of lines.
    """

    def __init__(self, *, longest: int, most: int = 20, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)
        self.longest, self.most = longest, most

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of texts instead of one
        """Return the lines that are not empty."""
        lines = value if isinstance(value, list) else (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """Refuse too many lines, or quote the first line that is too long."""
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(_("Enter at most %(most)s lines."), params={"most": self.most})
        for line in value:
            validators.ProhibitNullCharactersValidator()(line)
            if len(line) > self.longest:
                message = _("Enter at most %(longest)s characters per line. “%(line)s…” is too long.")
                raise forms.ValidationError(message, params={"longest": self.longest, "line": line[:30]})

    def prepare_value(self, value: Any) -> Any:
        """Return the texts, one per line."""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return True if the lines differ from the initial ones."""
        return (initial or []) != self.to_python(data)


class MomentField(forms.DateTimeField):
    """Field for a moment in the local time of a place: 2020-04-16 23:40.

    `zone` is the time zone of the place; by default it is the reader's own.
    """

    default_error_messages: ClassVar = {"invalid": _("Enter the date and time as 2020-04-16 23:40.")}

    def __init__(self, *, zone: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Year-month-day and 24-hour time, for example 2020-04-16 23:40."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"}))
        super().__init__(input_formats=MOMENT_FORMATS, **kwargs)
        self.zone = zone

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment at which the local time was the typed one."""
        with timezone.override(ZoneInfo(self.zone) if self.zone else timezone.get_current_timezone()):
            moment: datetime | None = super().to_python(
                normalize_width(value) if isinstance(value, str) else value
            )
            return _require_calendar_day(self, moment)

    def prepare_value(self, value: Any) -> Any:
        """Return the moment in that local time."""
        if isinstance(value, datetime):
            return local_moment(value, self.zone or None).strftime("%Y-%m-%d %H:%M")
        return value
