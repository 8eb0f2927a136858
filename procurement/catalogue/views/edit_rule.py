"""Editing of a rule or relief by coordinators: add, change, confirm again, end, follow the file again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.actions import (
    add_rule,
    change_rule,
    confirm_rule,
    edit_version,
    end_rule,
    reset_to_file,
)
from procurement.catalogue.forms import (
    ConfirmRuleForm,
    CustomsRuleForm,
    DutyReliefForm,
    EndRuleForm,
    ResetToFileForm,
)
from procurement.catalogue.rules.rule_editing import may_edit_rules
from procurement.catalogue.views.customs_rules import MODEL_BY_KIND, get_rule_or_404
from workflow import clock
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.pages import render_page, run_action

RULE_FORM_TEMPLATE = "catalogue/customs_rule_form.html"
FORM_BY_KIND = {"customs": CustomsRuleForm, "reliefs": DutyReliefForm}


@dataclass(frozen=True)
class EditMode:
    """Edit mode of a rule (change, confirm, end, reset): its heading, effect, form and action."""

    label: LazyText
    hint: LazyText
    make_form: Callable[[Any, Any, str], forms.BaseForm]
    apply_edit: Callable[[AuthenticatedRequest, Any, Any], object]


EDIT_MODES = {
    "change": EditMode(
        _("Edit rule"),
        _("Later file loads will keep your changes and note where the file differs."),
        lambda data, row, kind: FORM_BY_KIND[kind](data, instance=row),
        lambda request, row, form: change_rule(
            row,
            form.facts,
            reason=form.cleaned_data["reason"],
            known=edit_version(row),
            by=request.by,
            at=clock.now(),
        ),
    ),
    "confirm": EditMode(
        _("Confirm rule"),
        _("You checked a source today, and the rule is still in force."),
        lambda data, row, kind: ConfirmRuleForm(data, initial={"confidence": row.confidence}),
        lambda request, row, form: confirm_rule(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
    "end": EditMode(
        _("End rule"),
        _("The rule stays on record but no longer applies after its last day."),
        lambda data, row, kind: EndRuleForm(data),
        lambda request, row, form: end_rule(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
    "follow": EditMode(
        _("Restore file values"),
        _("The values in the file replace the manual changes, and later loads update the rule again."),
        lambda data, row, kind: ResetToFileForm(data),
        lambda request, row, form: reset_to_file(row, **form.cleaned_data, by=request.by, at=clock.now()),
    ),
}


@login_required
def edit_rule(request: AuthenticatedRequest, code: str, mode: str, kind: str) -> HttpResponse:
    """Show the form of an edit mode for a rule, or apply the edit. Coordinators only."""
    row = get_rule_or_404(kind, code)
    if mode not in EDIT_MODES:
        raise Http404
    _require_coordinator(request)
    chosen = EDIT_MODES[mode]
    form = chosen.make_form(request.POST or None, row, kind)
    if isinstance(form, EditForm):
        form.thing = row
    context = {"form": form, "row": row, "mode": mode, "label": chosen.label, "hint": chosen.hint}
    if not form.is_valid():
        return render_page(request, RULE_FORM_TEMPLATE, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: chosen.apply_edit(request, row, form),
        done=row.get_absolute_url(),
        template=RULE_FORM_TEMPLATE,
        context=context,
    )


@login_required
def new_rule(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """Add a rule or relief that is in no file. Coordinators only."""
    _require_coordinator(request)
    fresh = MODEL_BY_KIND[kind]()
    form = FORM_BY_KIND[kind](request.POST or None, instance=fresh)
    label = _("Add a rule") if kind == "customs" else _("Add a relief")
    hint = _("The rule is not in any file, so file loads do not change it.")
    context = {"form": form, "row": None, "label": label, "hint": hint}
    if not form.is_valid():
        return render_page(request, RULE_FORM_TEMPLATE, context, status=422 if form.is_bound else 200)

    def save() -> Any:
        row = MODEL_BY_KIND[kind](**form.facts)
        return add_rule(row, reason=form.cleaned_data["reason"], by=request.by, at=clock.now())

    return run_action(
        request, save, done=lambda row: row.get_absolute_url(), template=RULE_FORM_TEMPLATE, context=context
    )


def _require_coordinator(request: AuthenticatedRequest) -> None:
    if not may_edit_rules(request.by):
        raise PermissionDenied
