"""Pages of the rulebook: index of all rules with search, each rule, and the certificate rules."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.models.certificates import CertificateTypeStatus
from procurement.catalogue.rules.sources import SourceConfidence
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import Column
from procurement.leads.screening.rule_types import Rule, ScreeningRule
from procurement.rulebook.filter_forms import RulebookFilterForm
from procurement.rulebook.sections import SECTIONS
from workflow.errors import LazyText
from workflow.http.pages import render_page

PLACEHOLDER = re.compile(r"%\(\w+\)s")  # the placeholder of a figure in a sentence


@dataclass(frozen=True)
class RuleDisplay:
    """Rule as the rules page shows it: its subject, and the text of its findings with "…" for figures."""

    rule: Rule
    subject: LazyText

    @property
    def severities(self) -> Sequence[str]:
        """Severities of its findings, none for a rule that raises none."""
        return self.rule.severities if isinstance(self.rule, ScreeningRule) else ()

    @property
    def finding_text(self) -> str:
        """Text of its findings, "" for a rule that raises none."""
        if not isinstance(self.rule, ScreeningRule):
            return ""
        sentence = PLACEHOLDER.sub("…", str(self.rule.message)).replace("%%", "%")
        return sentence.removesuffix(".") if sentence.endswith("….") else sentence

    @property
    def searchable_text(self) -> str:
        """All searchable text of the rule, case-folded."""
        rule = self.rule
        texts: list[Any] = [
            rule.code,
            rule.description,
            self.finding_text,
            rule.rationale.text,
            rule.remedy.text,
            *rule.further_sentences,
        ]
        texts += [f"{one.label} {one.formatted_value}" for one in rule.numbers]
        texts += [f"{one.description} {one.url}" for one in rule.sources]
        return " ".join(str(one) for one in texts).casefold()


def rules_by_section(words: str = "") -> list[tuple[str, LazyText, list[RuleDisplay]]]:
    """Return the rules that contain every word, by subject, without subjects that have none."""
    wanted_words = words.casefold().split()
    found = []
    for key, (subject, rules) in SECTIONS.items():
        shown = [RuleDisplay(rule, subject) for rule in rules]
        fitting = [one for one in shown if all(word in one.searchable_text for word in wanted_words)]
        if fitting:
            found.append((key, subject, fitting))
    return found


@dataclass(frozen=True)
class CertificateTypeRuleDisplay:
    """Rule on the value of a certificate type, with its sources; `may_block_offers` is True if it may block an offer."""

    type_status: CertificateTypeStatus
    may_block_offers: bool
    sources: tuple[str, ...]


def certificate_rules(words: str = "") -> list[CertificateTypeRuleDisplay]:
    """Return the certificate rules of the reference data that contain every word.

    `may_block_offers` is True if the source is reliable enough for the rule to block an offer.
    """
    rows = CertificateTypeStatus.objects.select_related("kind").order_by("code")
    wanted_words = words.casefold().split()
    found = []
    for row in rows:
        text = f"{row.code} {row.kind.name} {row.reason} {' '.join(row.source_urls)}".casefold()
        if all(word in text for word in wanted_words):
            backing = SourceConfidence.from_row(row, None)
            found.append(CertificateTypeRuleDisplay(row, backing.is_reliable, backing.sources))
    return found


CSV_COLUMNS: tuple[Column, ...] = (
    (_("Rule type"), lambda row: row.subject),
    (_("Code"), lambda row: row.rule.code),
    (_("What is checked"), lambda row: _comma_separated([row.rule.description, *row.rule.further_sentences])),
    (pgettext_lazy("a rule", "Finding text"), lambda row: row.finding_text),
    (pgettext_lazy("a rule", "Effect"), lambda row: ", ".join(row.severities)),
    (_("Reason"), lambda row: row.rule.rationale.text),
    (
        _("Parameters"),
        lambda row: _comma_separated(f"{one.label}: {one.formatted_value}" for one in row.rule.numbers),
    ),
    (
        _("Source"),
        lambda row: _comma_separated(f"{one.description} {one.url}".strip() for one in row.rule.sources),
    ),
    (_("How to resolve it"), lambda row: row.rule.remedy.text),
)


def _comma_separated(words: Iterable[Any]) -> str:
    return say("; ").join(str(one) for one in words)


@login_required
def rulebook(request: AuthenticatedRequest) -> HttpResponseBase:
    """List the rules that match the search, as a page or, in full, as CSV.

    The certificate rules have their own address (`?kinds=1`), because all together are too much for a
    slow connection. A search covers both.
    """
    form = RulebookFilterForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    kinds = request.GET.get("kinds") == "1"
    chapters = [] if kinds else rules_by_section(words)
    if is_csv_requested(request):
        return csv_response(
            request, "rules", CSV_COLUMNS, [one for _key, _subject, shown in chapters for one in shown]
        )
    found, here = certificate_rules(words), bool(kinds or words)
    context = {
        "filters": form,
        "chapters": chapters,
        "statuses": found if here else [],
        "elsewhere": 0 if here else len(found),
    }
    return render_page(request, "rulebook/rule_list.html", context)


@login_required
def rule_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show a rule in full. 404 for an unknown code."""
    for key, (subject, rules) in SECTIONS.items():
        for rule in rules:
            if rule.code == code:
                context = {"line": RuleDisplay(rule, subject), "rule": rule, "subject": subject, "key": key}
                return render_page(request, "rulebook/rule_detail.html", context)
    raise Http404
