"""Page to match the columns of a file. The program guesses them and the sender corrects the guess."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.register_import import reader
from partners.register_import.actions import imports
from partners.register_import.errors import CellError
from partners.register_import.formats.columns import Column
from partners.register_import.formats.headers import column_label, normalize_heading
from partners.register_import.models import Import, ImportData
from partners.register_import.reader import matchable_columns
from partners.register_import.rules import MATCH_COLUMNS
from partners.register_import.views.check_results import get_import_or_404
from partners.register_import.views.imports import IMPORT_STEP_LABELS
from workflow import clock
from workflow.errors import NOT_ALLOWED
from workflow.http.pages import render_page, run_action

CONSTANT_VALUE_FIELD_PREFIX = "same_"  # prefix of a field for a value that is the same in every row
MAX_EXAMPLE_VALUES = 3
BLANK_HELP = _("If blank, existing values stay as they are and new entries get “Not known”.")
BLANK_HELP_TEXTS = {
    "status": BLANK_HELP,
    "level": BLANK_HELP,
    "date_precision": _("If blank, each date is read as precisely as it is written."),
}


class RequiredColumnField(forms.ChoiceField):
    """Choice of a required column, which may be empty if the field for a constant value is filled.

    The form checks that one of the two has a value.
    """

    def validate(self, value: Any) -> None:
        """Check that a chosen value is one of the columns."""
        if value:
            super().validate(value)


class MatchColumnsForm(forms.Form):
    """Form that gives each column of the register a column of the file, or a value for every row."""

    only_new = forms.BooleanField(
        label=_("Keep existing register values"),
        required=False,
        help_text=_(
            "If checked, only new entries are added. Otherwise, the file also corrects existing values."
        ),
    )

    use_required_attribute = False

    def __init__(self, data: Any, source_import: Import, sheet: ImportData) -> None:
        super().__init__(data, initial={"only_new": source_import.only_new})
        choices = [("", _("– not in the file –")), *_choices(sheet)]
        self.columns = matchable_columns(source_import.table)
        for column in self.columns:
            match = source_import.columns.get(column.name)
            field_class = RequiredColumnField if column.required else forms.ChoiceField
            self.fields[column.name] = field_class(
                label=str(column.label),
                choices=choices,
                required=column.required,
                initial=match if isinstance(match, int) else "",
            )
            is_optional = column.name == reader.OPTIONAL_COLUMN_BY_TABLE[source_import.table]
            if column.required or is_optional or isinstance(match, str):
                self.fields[f"{CONSTANT_VALUE_FIELD_PREFIX}{column.name}"] = forms.CharField(
                    label=_("%(column)s (same for every row)") % {"column": column.label},
                    required=False,
                    max_length=200,
                    initial=match if isinstance(match, str) else "",
                    help_text=BLANK_HELP_TEXTS[column.name] if is_optional else "",
                )
        self.order_fields([name for name in self.fields if name != "only_new"])

    def main_fields(self) -> list[forms.BoundField]:
        """Return the fields to show: required columns, matched columns, and fields with errors."""
        return [self[name] for name in self.fields if self._is_wanted(name)]

    def unmatched_optional_fields(self) -> list[forms.BoundField]:
        """Return the fields of optional columns that were not found in the file."""
        return [self[name] for name in self.fields if not self._is_wanted(name)]

    def _is_wanted(self, name: str) -> bool:
        if self[name].errors or name == "only_new":
            return True
        if name.startswith(CONSTANT_VALUE_FIELD_PREFIX):  # not needed beside a matched column
            return bool(self[name.removeprefix(CONSTANT_VALUE_FIELD_PREFIX)].initial == "")
        return bool(name in BLANK_HELP_TEXTS or self.fields[name].required or self[name].initial != "")

    def clean(self) -> dict[str, Any]:
        """Check that each required column is given, that none is used twice, and that constants can be read."""
        cleaned = super().clean() or {}
        use_counts = Counter(cleaned[column.name] for column in self.columns if cleaned.get(column.name))
        for column in self.columns:
            position, constant = (
                cleaned.get(column.name),
                cleaned.get(f"{CONSTANT_VALUE_FIELD_PREFIX}{column.name}"),
            )
            if column.required and not (position or constant):
                self.add_error(column.name, _("Choose a column, or enter a value for every row."))
            if position and use_counts[position] > 1:
                self.add_error(column.name, _("A column of the file can be used only once."))
            if constant and not position:
                self._check_constant(column, constant)
        return cleaned

    def _check_constant(self, column: Column, constant: str) -> None:
        try:
            column.cell_reader(constant)
        except CellError as error:
            self.add_error(f"{CONSTANT_VALUE_FIELD_PREFIX}{column.name}", str(error.words))

    @property
    def column_matches(self) -> dict[str, int | str]:
        """Chosen position of each column in the file, or its constant value, as an import stores them."""
        return {
            column.name: value for column in self.columns if (value := self._column_match(column)) is not None
        }

    def _column_match(self, column: Column) -> int | str | None:
        position = self.cleaned_data[column.name]
        if position != "":
            return int(position)
        return self.cleaned_data.get(f"{CONSTANT_VALUE_FIELD_PREFIX}{column.name}") or None


def _choices(sheet: ImportData) -> list[tuple[str, str]]:
    """Return the columns of the file by letter and heading, each with its first values."""
    choices = []
    for position in range(len(sheet.header)):
        cells = (
            line[position] for line in sheet.lines[:50] if position < len(line) and line[position].strip()
        )
        first = ", ".join(
            cell for cell, _number in zip(dict.fromkeys(cells), range(MAX_EXAMPLE_VALUES), strict=False)
        )
        label = column_label(sheet.header, position)
        choices.append((str(position), Truncator(f"{label} ({first})" if first else label).chars(90)))
    return choices


def _unused(source_import: Import, sheet: ImportData) -> list[str]:
    """Return the columns of the file that are not used now, so that the page can warn about them."""
    used = {position for position in source_import.columns.values() if isinstance(position, int)}
    return [
        column_label(sheet.header, position)
        for position, heading in enumerate(sheet.header)
        if position not in used and heading.strip()
    ]


def _repeated_headings(sheet: ImportData) -> list[str]:
    """Return the columns that have the same heading."""
    normalized = [normalize_heading(heading) for heading in sheet.header]
    return [
        column_label(sheet.header, position)
        for position, heading in enumerate(normalized)
        if heading and normalized.count(heading) > 1
    ]


@login_required
def match_columns(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Match the columns, and have the file checked afterwards."""
    source_import = get_import_or_404(request, pk)
    template, refusal = (
        "register_import/columns.html",
        MATCH_COLUMNS.refusal(request.by, source_import, clock.now()),
    )
    context: dict[str, Any] = {
        "source_import": source_import,
        "steps": IMPORT_STEP_LABELS,
        "step": 2,
        "refused": refusal,
    }
    if refusal is not None:
        return render_page(request, template, context, status=403 if refusal.code == NOT_ALLOWED else 409)
    sheet = ImportData.objects.only("header", "lines").get(source_import=source_import)
    context |= {"unused": _unused(source_import, sheet), "alike": _repeated_headings(sheet)}
    form = context["form"] = MatchColumnsForm(request.POST or None, source_import, sheet)
    if not form.is_valid():
        return render_page(request, template, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: imports.match_columns(
            source_import,
            form.column_matches,
            only_new=form.cleaned_data["only_new"],
            by=request.by,
            at=clock.now(),
        ),
        done=source_import.get_absolute_url(),
        template=template,
        context=context,
    )
