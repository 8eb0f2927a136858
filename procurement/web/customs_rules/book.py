"""The book of customs rules and reliefs: every row with its source, how sure it is and its days; and one with its history."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.labels import country_label
from partners.visit import Visit
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Receiver
from procurement.catalogue.models.products import Product
from procurement.catalogue.rules.keeping import may_keep
from procurement.exchange.sheets import Column
from procurement.web.customs_rules.words import ground, standing
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.http import show
from workflow.doors.tags.history import fact, tellable
from workflow.known import as_known

type Kept = CustomsRule | DutyRelief

KINDS: dict[str, type[Kept]] = {"customs": CustomsRule, "reliefs": DutyRelief}
CODED: dict[str, type[Product | CertificateKind]] = {"products": Product, "satisfied_by": CertificateKind}
NOT_SHOWN = frozenset({"code", "name_en", "name_fr", "name_zh", "source_urls"})  # said above, or beneath
WORDED = ("why", "condition")  # texts in three languages, which may tell of later days


class Filters(forms.Form):
    """What a rule is searched by."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("Words of the rule, its code or its source."),
    )
    state = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[
            ("", _("any")),
            ("unconfirmed", _("not confirmed for two years")),
            ("memory", _("from memory")),
            ("kept", _("kept by hand")),
        ],
    )


COLUMNS: tuple[Column, ...] = (
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
def customs_rules(request: Visit) -> HttpResponseBase:
    """Every rule and every relief; narrowed by words or by their standing, or as a file."""
    today = reader_day(clock.now())
    form = Filters(request.GET)
    wished = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}

    def fits(row: Kept) -> bool:
        text = f"{row.code} {row.name} {' '.join(row.source_urls)}".casefold()
        states = {
            "": True,
            "unconfirmed": row.unconfirmed_since(today) is not None,
            "memory": row.confidence == "memory" or bool(row.from_memory),
            "kept": row.kept_since is not None,
        }
        return states[wished["state"]] and all(word in text for word in wished["q"].casefold().split())

    rules = [row for row in CustomsRule.objects.order_by("side", "position", "code") if fits(row)]
    reliefs = [row for row in DutyRelief.objects.order_by("country", "code") if fits(row)]
    if wanted(request):
        return sheet(request, "customs-rules", COLUMNS, [*rules, *reliefs])
    parts = (("customs", _("Papers and steps"), rules), ("reliefs", _("Reliefs from duty and tax"), reliefs))
    context = {
        "filters": form,
        "parts": [(key, name, [(row, standing(row, today)) for row in rows]) for key, name, rows in parts],
        "may_keep": may_keep(request.by),
    }
    return show(request, "customs_rules/list.html", context)


@login_required
def customs_rule(request: Visit, code: str, kind: str) -> HttpResponse:
    """One rule or relief: what it says, how sure it is, what the file says otherwise, and its history."""
    row = find(kind, code)
    today = reader_day(clock.now())
    context = {
        "row": row,
        "kind": kind,
        "standing": standing(row, today),
        "ground": ground(row),
        "facts": told(row, today),
        "otherwise": otherwise(row),
        "may_keep": may_keep(request.by),
    }
    return show(request, "customs_rules/detail.html", context)


def find(kind: str, code: str) -> Kept:
    """The row, by its code."""
    return cast("Kept", get_object_or_404(KINDS[kind]._default_manager.all(), code=code))


def told(row: Kept, on: date) -> list[tuple[str, str]]:
    """What a row says as it was known on a day, by the names of its columns; what it leaves open is left out."""
    fields = [one for one in row._meta.concrete_fields if tellable(one) and one.name not in NOT_SHOWN]
    values = [(one, row.serializable_value(one.name)) for one in fields]
    values = [(one, _named(one.name, _known(one.name, value, on))) for one, value in values]
    return [
        (str(one.verbose_name), fact(one, _plain(value)))
        for one, value in values
        if value not in (None, "", [])
    ]


def _known(column: str, value: Any, on: date) -> Any:
    return as_known(value, on) if column.rpartition("_")[0] in WORDED else value


def _named(column: str, value: Any) -> Any:
    """Countries, importers, goods and kinds of certificates by their names instead of their codes."""
    if value and column in ("origin", "destination", "country"):
        return country_label(value)
    names: dict[str, Any] = {}
    if value and column in ("importers", "later_importers", "consignees"):
        names = dict(Receiver.choices)
    elif value and column in CODED:
        names = {row.code: row.name for row in CODED[column]._default_manager.filter(code__in=value)}
    return [str(names.get(code, code)) for code in value] if names else value


def otherwise(row: Kept) -> list[tuple[str, str, str]]:
    """Where the file says something else: the column, what stands here, what the file says."""
    fields = {one.name: one for one in row._meta.concrete_fields}
    return [
        (
            str(fields[name].verbose_name),
            fact(fields[name], _plain(getattr(row, name))),
            fact(fields[name], value),
        )
        for name, value in row.file_says.items()
        if name in fields
    ]


def _plain(value: Any) -> Any:
    """As an entry of the journal keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


urlpatterns = [
    path("rules/customs/", customs_rules, name="customs_rules"),
    path("rules/customs/<slug:code>/", customs_rule, {"kind": "customs"}, name="customs_rule"),
    path("rules/reliefs/<slug:code>/", customs_rule, {"kind": "reliefs"}, name="duty_relief"),
]
