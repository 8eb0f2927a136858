"""Which column of a file is which: guessed, and put right by whoever brought it."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from partners.actions import imports
from partners.exchange import headings
from partners.exchange.columns import Column
from partners.exchange.faults import Bad
from partners.exchange.wizard import reading
from partners.exchange.wizard.reading import columns_of
from partners.models.imports import Import, Sheet
from partners.rules.imports import MATCH
from partners.visit import Visit
from partners.web.imports.batch import STEPS
from partners.web.imports.found import find
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.errors import NOT_ALLOWED

SAME = "same_"  # before the name of a field that holds what is true of every row
EXAMPLES = 3
STAYS = _("Empty: what stands in the register stays as it is, and what is new enters as “Not known”.")
UNSAID = {
    "status": STAYS,
    "level": STAYS,
    "date_precision": _("Empty: each day is known as exactly as it is written."),
}


class OneOf(forms.ChoiceField):
    """A column that every row needs: chosen here, or said for all rows in the field beside it. Which, the form looks at."""

    def validate(self, value: Any) -> None:
        """What is chosen is one of the columns."""
        if value:
            super().validate(value)


class Match(forms.Form):
    """For each column of the register the column of the file, or what holds for every row of it."""

    only_new = forms.BooleanField(
        label=_("Leave what the register has as it is"),
        required=False,
        help_text=_("Then only what is new is added. Otherwise the file corrects what differs."),
    )

    use_required_attribute = False

    def __init__(self, data: Any, batch: Import, sheet: Sheet) -> None:
        super().__init__(data, initial={"only_new": batch.only_new})
        choices = [("", _("– not in the file –")), *_choices(sheet)]
        self.columns = columns_of(batch.table)
        for column in self.columns:
            said = batch.columns.get(column.name)
            kind = OneOf if column.required else forms.ChoiceField
            self.fields[column.name] = kind(
                label=str(column.label),
                choices=choices,
                required=column.required,
                initial=said if isinstance(said, int) else "",
            )
            unsaid = column.name == reading.UNSAID[batch.table]
            if column.required or unsaid or isinstance(said, str):
                self.fields[f"{SAME}{column.name}"] = forms.CharField(
                    label=_("%(column)s, the same for every row") % {"column": column.label},
                    required=False,
                    max_length=200,
                    initial=said if isinstance(said, str) else "",
                    help_text=UNSAID[column.name] if unsaid else "",
                )
        self.order_fields([name for name in self.fields if name != "only_new"])

    def wanted(self) -> list[forms.BoundField]:
        """The fields to look at: what every row needs, what the file seems to have, what is wrong."""
        return [self[name] for name in self.fields if self._is_wanted(name)]

    def others(self) -> list[forms.BoundField]:
        """What the file need not have, and does not seem to."""
        return [self[name] for name in self.fields if not self._is_wanted(name)]

    def _is_wanted(self, name: str) -> bool:
        if self[name].errors or name == "only_new":
            return True
        if name.startswith(SAME):  # beside a column that is matched it would only be in the way
            return bool(self[name.removeprefix(SAME)].initial == "")
        return bool(name in UNSAID or self.fields[name].required or self[name].initial != "")

    def clean(self) -> dict[str, Any]:
        """Every column that each row needs stands somewhere, once; and what holds for every row can be read."""
        told = super().clean() or {}
        taken = Counter(told[column.name] for column in self.columns if told.get(column.name))
        for column in self.columns:
            place, same = told.get(column.name), told.get(f"{SAME}{column.name}")
            if column.required and not (place or same):
                self.add_error(column.name, _("Choose the column, or write what holds for every row."))
            if place and taken[place] > 1:
                self.add_error(column.name, _("One column of the file cannot be two things at once."))
            if same and not place:
                self._try(column, same)
        return told

    def _try(self, column: Column, same: str) -> None:
        try:
            column.read(same)
        except Bad as bad:
            self.add_error(f"{SAME}{column.name}", str(bad.words))

    @property
    def said(self) -> dict[str, int | str]:
        """The columns as an import keeps them."""
        return {column.name: value for column in self.columns if (value := self._of(column)) is not None}

    def _of(self, column: Column) -> int | str | None:
        place = self.cleaned_data[column.name]
        if place != "":
            return int(place)
        return self.cleaned_data.get(f"{SAME}{column.name}") or None


def _choices(sheet: Sheet) -> list[tuple[str, str]]:
    """The columns of the file by letter and heading, each with what stands first in it."""
    found = []
    for place in range(len(sheet.header)):
        cells = (line[place] for line in sheet.lines[:50] if place < len(line) and line[place].strip())
        first = ", ".join(cell for cell, _number in zip(dict.fromkeys(cells), range(EXAMPLES), strict=False))
        words = headings.called(sheet.header, place)
        found.append((str(place), Truncator(f"{words} ({first})" if first else words).chars(90)))
    return found


def _unused(batch: Import, sheet: Sheet) -> list[str]:
    """The columns of the file that nothing is made of, as it stands: nobody should lose one without a word."""
    used = {place for place in batch.columns.values() if isinstance(place, int)}
    return [
        headings.called(sheet.header, place)
        for place, heading in enumerate(sheet.header)
        if place not in used and heading.strip()
    ]


def _alike(sheet: Sheet) -> list[str]:
    """The columns whose headings say the same."""
    plain = [headings.plain(heading) for heading in sheet.header]
    return [
        headings.called(sheet.header, place)
        for place, said in enumerate(plain)
        if said and plain.count(said) > 1
    ]


@login_required
def match_columns(request: Visit, pk: int) -> HttpResponse:
    """Say which column is which, then the file is checked."""
    batch = find(request, pk)
    template, closed = "partners/imports/columns.html", MATCH.refusal(request.by, batch, clock.now())
    context: dict[str, Any] = {"batch": batch, "steps": STEPS, "step": 2, "refused": closed}
    if closed is not None:
        return show(request, template, context, status=403 if closed.code == NOT_ALLOWED else 409)
    sheet = Sheet.objects.only("header", "lines").get(batch=batch)
    context |= {"unused": _unused(batch, sheet), "alike": _alike(sheet)}
    form = context["form"] = Match(request.POST or None, batch, sheet)
    if not form.is_valid():
        return show(request, template, context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: imports.match_columns(
            batch, form.said, only_new=form.cleaned_data["only_new"], by=request.by, at=clock.now()
        ),
        done=batch.get_absolute_url(),
        template=template,
        context=context,
    )


urlpatterns = [path("register/imports/<int:pk>/columns/", match_columns, name="import_columns")]
