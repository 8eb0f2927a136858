"""Pages of customs rules and duty reliefs: the list, and one with its source, confidence and dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.place_labels import country_label
from procurement.catalogue.forms import RuleFilterForm
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import EndUserType, ReferenceRow, Validity
from procurement.catalogue.rules.customs_documents import DoubtReason, Requirement
from procurement.catalogue.rules.rule_editing import may_edit_rules
from procurement.catalogue.rules.sources import (
    ReliabilityReason,
    SourceConfidence,
    rated_sources,
    reliability_reason,
)
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import Column
from workflow import clock
from workflow.dated_text import text_as_of
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.pages import render_page
from workflow.templatetags.history import is_readable_field, readable_value

type MaintainedRule = CustomsRule | DutyRelief

MODEL_BY_KIND: dict[str, type[MaintainedRule]] = {"customs": CustomsRule, "reliefs": DutyRelief}
MODEL_BY_CODE_COLUMN: dict[str, type[Product | CertificateType]] = {
    "products": Product,
    "satisfied_by": CertificateType,
}
HIDDEN_FIELDS = frozenset({"code", "name_en", "name_fr", "name_zh", "source_urls"})  # shown elsewhere
TRANSLATED_FIELDS = ("why", "condition")  # texts in three languages, which may mention later dates


CUSTOMS_RULE_COLUMNS: tuple[Column, ...] = (
    (_("Code"), lambda row: row.code),
    (_("Name"), lambda row: row.name),
    (_("From"), lambda row: getattr(row, "origin", "")),
    (_("To"), lambda row: row.destination if isinstance(row, CustomsRule) else row.country),
    (_("Confidence"), lambda row: row.get_confidence_display()),
    (_("In force from"), lambda row: row.valid_from),
    (_("In force until"), lambda row: row.valid_to),
    (_("Last confirmed"), lambda row: row.seen_on),
    (_("Source"), lambda row: " ".join(row.source_urls)),
)


@login_required
def customs_rules(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every customs rule and duty relief that matches the filters, as a page or as CSV."""
    today = reader_day(clock.now())
    form = RuleFilterForm(request.GET)
    wished = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}

    def fits(row: MaintainedRule) -> bool:
        text = f"{row.code} {row.name} {' '.join(row.source_urls)}".casefold()
        states = {
            "": True,
            "unconfirmed": row.year_last_confirmed(today) is not None,
            "memory": row.confidence == "memory" or bool(row.unsourced_columns),
            "kept": row.edited_manually_at is not None,
        }
        return states[wished["state"]] and all(word in text for word in wished["q"].casefold().split())

    rules = [row for row in CustomsRule.objects.order_by("side", "position", "code") if fits(row)]
    reliefs = [row for row in DutyRelief.objects.order_by("country", "code") if fits(row)]
    if is_csv_requested(request):
        return csv_response(request, "customs-rules", CUSTOMS_RULE_COLUMNS, [*rules, *reliefs])
    parts = (("customs", _("Documents and steps"), rules), ("reliefs", _("Duty and tax relief"), reliefs))
    context = {
        "filters": form,
        "parts": [
            (key, name, [(row, rule_status_label(row, today)) for row in rows]) for key, name, rows in parts
        ],
        "may_keep": may_edit_rules(request.by),
    }
    return render_page(request, "catalogue/customs_rule_list.html", context)


@login_required
def customs_rule_detail(request: AuthenticatedRequest, code: str, kind: str) -> HttpResponse:
    """Show one rule or relief: its content, its confidence, differences from the file, and its history."""
    row = get_rule_or_404(kind, code)
    today = reader_day(clock.now())
    context = {
        "row": row,
        "kind": kind,
        "status": rule_status_label(row, today),
        "ground": confidence_label(row),
        "sources": rated_sources(row.source_urls),
        "texts": [getattr(row, name) for name in TRANSLATED_FIELDS if hasattr(row, name)],
        "facts": rule_facts(row, today),
        "otherwise": file_differences(row),
        "may_keep": may_edit_rules(request.by),
    }
    return render_page(request, "catalogue/customs_rule_detail.html", context)


def get_rule_or_404(kind: str, code: str) -> MaintainedRule:
    """Return the rule or relief with this code, or raise 404."""
    return cast("MaintainedRule", get_object_or_404(MODEL_BY_KIND[kind]._default_manager.all(), code=code))


def rule_facts(row: MaintainedRule, on: date) -> list[tuple[str, str]]:
    """Return the content of a row as known on a date, by column name. Empty columns are left out."""
    fields = [
        one for one in row._meta.concrete_fields if is_readable_field(one) and one.name not in HIDDEN_FIELDS
    ]
    values = [(one, row.serializable_value(one.name)) for one in fields]
    values = [(one, _with_names(one.name, _as_known_on(one.name, value, on))) for one, value in values]
    return [
        (str(one.verbose_name), readable_value(one, _as_json(value)))
        for one, value in values
        if value not in (None, "", [])
    ]


def _as_known_on(column: str, value: Any, on: date) -> Any:
    return text_as_of(value, on) if column.rpartition("_")[0] in TRANSLATED_FIELDS else value


def _with_names(column: str, value: Any) -> Any:
    """Replace the codes of countries, importers, goods and certificate types with their names."""
    if value and column in ("origin", "destination", "country"):
        return country_label(value)
    names: dict[str, Any] = {}
    if value and column in ("importers", "later_importers", "consignees"):
        names = dict(EndUserType.choices)
    elif value and column in MODEL_BY_CODE_COLUMN:
        names = {
            row.code: row.name for row in MODEL_BY_CODE_COLUMN[column]._default_manager.filter(code__in=value)
        }
    return [str(names.get(code, code)) for code in value] if names else value


def file_differences(row: MaintainedRule) -> list[tuple[str, str, str]]:
    """Return the columns in which the source file differs: column, value here, value in the file."""
    fields = {one.name: one for one in row._meta.concrete_fields}
    return [
        (
            str(fields[name].verbose_name),
            readable_value(fields[name], _as_json(getattr(row, name))),
            readable_value(fields[name], value),
        )
        for name, value in row.file_values.items()
        if name in fields
    ]


def _as_json(value: Any) -> Any:
    """Convert a value to the form that a journal entry stores."""
    return value.isoformat() if hasattr(value, "isoformat") else value


NOT_CONFIRMED_LABEL = _("not confirmed since %(year)s")

DOUBT_LABELS: Mapping[DoubtReason, LazyText] = {
    DoubtReason.RULE_ONLY_WARNS: _("the rule is set to warn only"),
    DoubtReason.NO_SOURCE: _("no source"),
    DoubtReason.UNSOURCED_DATES: _("dates not verified"),
    DoubtReason.WEAK_SOURCE: _("weak source"),
    DoubtReason.UNKNOWN_RECEIVER: _("the user of the goods is not stated"),
    DoubtReason.UNKNOWN_GOODS_CODE: _("the customs code or class of the goods is uncertain"),
}


RELIABILITY_REASON_LABELS: Mapping[ReliabilityReason, LazyText] = {
    ReliabilityReason.OFFICIAL_SOURCE: _("Stated in an official text."),
    ReliabilityReason.INDEPENDENT_SOURCES: _(
        "Not stated in an official text, but independent sources agree."
    ),
}
USUAL_PRACTICE_LABEL = _(
    "Usual practice: neither an official text nor two independent sources confirm it, so the rule only warns."
)


def confidence_label(row: ReferenceRow) -> LazyText:
    """Return the label of a row's support: an official text, independent sources, or usual practice.

    Return "" if the row has no source.
    """
    if not row.source_urls:
        return ""
    return (
        RELIABILITY_REASON_LABELS.get(reliability_reason(row), USUAL_PRACTICE_LABEL)
        if row.is_reliable
        else USUAL_PRACTICE_LABEL
    )


def doubt_label(requirement: Requirement) -> LazyText:
    """Return why a document only warns, or "" for one that blocks."""
    if requirement.doubt_reason is DoubtReason.NONE:
        return ""
    if requirement.doubt_reason is DoubtReason.UNCONFIRMED:
        return NOT_CONFIRMED_LABEL % {"year": requirement.year_last_confirmed}
    return DOUBT_LABELS[requirement.doubt_reason]


def effect_label(blocks: bool) -> LazyText:
    """Return the label of the effect: blocks or warns."""
    return CustomsRule.Effect.BLOCKS.label if blocks else CustomsRule.Effect.WARNS.label


def rule_status_label(row: ReferenceRow, on: date) -> LazyText:
    """Return whether a rule or relief is in force on a date, and how sure that is."""
    held = row.validity_on(on)
    if held is Validity.YES:
        return (
            _("in force")
            if SourceConfidence.from_row(row, on).is_reliable
            else _("in force, source not reliable")
        )
    if held is Validity.NO:
        return _("not in force")
    year = row.year_last_confirmed(on)
    return NOT_CONFIRMED_LABEL % {"year": year} if year else _("validity unknown")
