"""The page of every rule: by subject, found by words, each with an anchor; the certificate rules behind them, row by row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.models.certificates import CertificateStanding
from procurement.catalogue.rules.backing import Backing
from procurement.exchange.sheets import Column
from procurement.leads.screening.sentences import LATER, SENTENCES
from procurement.web.rulebook.chapters import CHAPTERS
from procurement.web.rulebook.entry import Entry
from procurement.web.sheets import sheet, wanted
from workflow.doors.http import show
from workflow.errors import Words

LONGEST = 100  # characters of a search
GAP = re.compile(r"%\(\w+\)s")  # where a sentence holds a figure


class Filters(forms.Form):
    """What a rule is searched by."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST,
        help_text=_("Words of the rule, of what it says, or of its source."),
    )


@dataclass(frozen=True)
class Shown:
    """A rule as it is shown: its entry, its subject, and what its finding says, with dots for the figures."""

    entry: Entry
    subject: Words
    says: str

    @property
    def text(self) -> str:
        """Everything a reader may search it by."""
        entry = self.entry
        told: list[Any] = [entry.code, entry.looks_at, self.says, entry.why, entry.settles, *entry.more]
        told += [f"{one.label} {one.shown}" for one in entry.figures]
        told += [f"{one.words} {one.url}" for one in entry.rests_on]
        return " ".join(str(one) for one in told).casefold()


def says(code: str) -> str:
    """What a finding of this code says, with dots where its figures stand; "" for what is no finding."""
    words = (SENTENCES | LATER).get(code)
    if words is None:
        return ""
    said = GAP.sub("…", str(words)).replace("%%", "%")
    return said.removesuffix(".") if said.endswith("….") else said


def rules(words: str = "") -> list[tuple[str, Words, list[Shown]]]:
    """The rules by subject, those alone that hold every word; subjects without any are left out."""
    wanted_words = words.casefold().split()
    found = []
    for key, (subject, entries) in CHAPTERS.items():
        shown = [Shown(entry, subject, says(entry.code)) for entry in entries]
        fitting = [one for one in shown if all(word in one.text for word in wanted_words)]
        if fitting:
            found.append((key, subject, fitting))
    return found


@dataclass(frozen=True)
class Standing:
    """A row on what a kind of certificate is worth: whether it may block, and its sources."""

    row: CertificateStanding
    firm: bool
    sources: tuple[str, ...]


def standings(words: str = "") -> list[Standing]:
    """The certificate rules of the reference data that hold every word, each with whether its source lets it block."""
    rows = CertificateStanding.objects.select_related("kind").order_by("code")
    wanted_words = words.casefold().split()
    found = []
    for row in rows:
        text = f"{row.code} {row.kind.name} {row.reason} {' '.join(row.source_urls)}".casefold()
        if all(word in text for word in wanted_words):
            backing = Backing.of(row, None)
            found.append(Standing(row, backing.firm, backing.sources))
    return found


COLUMNS: tuple[Column, ...] = (
    (_("Kind of rule"), lambda row: row.subject),
    (_("Code"), lambda row: row.entry.code),
    (_("Looks at"), lambda row: _joined([row.entry.looks_at, *row.entry.more])),
    (_("Says"), lambda row: row.says),
    (_("Does"), lambda row: ", ".join(row.entry.does)),
    (_("Why"), lambda row: row.entry.why),
    (_("Its numbers"), lambda row: _joined(f"{one.label}: {one.shown}" for one in row.entry.figures)),
    (_("Source"), lambda row: _joined(f"{one.words} {one.url}".strip() for one in row.entry.rests_on)),
    (_("How it is settled"), lambda row: row.entry.settles),
)


def _joined(words: Iterable[Any]) -> str:
    return say("; ").join(str(one) for one in words)


@login_required
def rulebook(request: Visit) -> HttpResponseBase:
    """Every rule; narrowed by words, or as a file. The certificate rules have an address of their own (`?kinds=1`), since all together
    are too much for a slow line; a search goes through both.
    """
    form = Filters(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    kinds = request.GET.get("kinds") == "1"
    chapters = [] if kinds else rules(words)
    if wanted(request):
        return sheet(request, "rules", COLUMNS, [one for _key, _subject, shown in chapters for one in shown])
    found, here = standings(words), bool(kinds or words)
    context = {
        "filters": form,
        "chapters": chapters,
        "standings": found if here else [],
        "elsewhere": 0 if here else len(found),
    }
    return show(request, "rulebook/page.html", context)


urlpatterns = [path("rules/", rulebook, name="rules")]
