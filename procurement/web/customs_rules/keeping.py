"""Keeping a rule or a relief by hand, for coordinators: add, change, confirm anew, end, follow the file again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.actions import keeping
from procurement.catalogue.actions.keeping import follow_file, state
from procurement.catalogue.rules.keeping import may_keep
from procurement.web.customs_rules.book import KINDS, find
from procurement.web.customs_rules.forms import Confirm, End, Follow, ReliefForm, RuleForm
from workflow import clock
from workflow.doors.editing import Edit
from workflow.doors.http import attempt, show
from workflow.errors import Words

TEMPLATE = "customs_rules/form.html"
FORMS = {"customs": RuleForm, "reliefs": ReliefForm}


@dataclass(frozen=True)
class Way:
    """One way of keeping a row: its heading, what it will do, its form, its action."""

    label: Words
    hint: Words
    form: Callable[[Any, Any, str], forms.BaseForm]
    act: Callable[[Visit, Any, Any], object]


WAYS = {
    "change": Way(
        _("Change the rule"),
        _(
            "From then on a load of the files leaves the row as you wrote it, and notes what the file says otherwise."
        ),
        lambda data, row, kind: FORMS[kind](data, instance=row),
        lambda request, row, form: keeping.change(
            row,
            form.facts,
            reason=form.cleaned_data["reason"],
            known=state(row),
            by=request.by,
            at=clock.now(),
        ),
    ),
    "confirm": Way(
        _("Confirm it anew"),
        _("You looked at a source today, and the rule is still in force."),
        lambda data, row, kind: Confirm(data, initial={"confidence": row.confidence}),
        lambda request, row, form: keeping.confirm(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
    "end": Way(
        _("End the rule"),
        _("It stays in the book, and is asked for no more from the next day on."),
        lambda data, row, kind: End(data),
        lambda request, row, form: keeping.end(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
    "follow": Way(
        _("Follow the file again"),
        _(
            "What the file says otherwise takes the place of what was written here, and later loads change the row again."
        ),
        lambda data, row, kind: Follow(data),
        lambda request, row, form: follow_file(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
}


@login_required
def keep_rule(request: Visit, code: str, way: str, kind: str) -> HttpResponse:
    """Ask what a way of keeping needs, or do it and go back to the row."""
    row = find(kind, code)
    if way not in WAYS:
        raise Http404
    _coordinators(request)
    chosen = WAYS[way]
    form = chosen.form(request.POST or None, row, kind)
    if isinstance(form, Edit):
        form.thing = row
    context = {"form": form, "row": row, "way": way, "label": chosen.label, "hint": chosen.hint}
    if not form.is_valid():
        return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: chosen.act(request, row, form),
        done=row.get_absolute_url(),
        template=TEMPLATE,
        context=context,
    )


@login_required
def add_rule(request: Visit, kind: str) -> HttpResponse:
    """Add a rule or a relief that no file has."""
    _coordinators(request)
    fresh = KINDS[kind]()
    form = FORMS[kind](request.POST or None, instance=fresh)
    label = _("Add a rule") if kind == "customs" else _("Add a relief")
    hint = _("No file has it: a load leaves it alone.")
    context = {"form": form, "row": None, "label": label, "hint": hint}
    if not form.is_valid():
        return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)

    def save() -> Any:
        row = KINDS[kind](**form.facts)
        return keeping.add(row, reason=form.cleaned_data["reason"], by=request.by, at=clock.now())

    return attempt(request, save, done=lambda row: row.get_absolute_url(), template=TEMPLATE, context=context)


def _coordinators(request: Visit) -> None:
    if not may_keep(request.by):
        raise PermissionDenied


urlpatterns = [
    path("rules/customs/new/", add_rule, {"kind": "customs"}, name="add_customs_rule"),
    path("rules/reliefs/new/", add_rule, {"kind": "reliefs"}, name="add_duty_relief"),
    path("rules/customs/<slug:code>/<slug:way>/", keep_rule, {"kind": "customs"}, name="keep_customs_rule"),
    path("rules/reliefs/<slug:code>/<slug:way>/", keep_rule, {"kind": "reliefs"}, name="keep_duty_relief"),
]
