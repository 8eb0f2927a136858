"""Findings in words: one sentence for each code, filled with the finding's figures in the reader's language. By subject."""

from typing import Any

from django.utils.translation import gettext as _

from procurement.leads.screening.sentences import accounts, companies, later, papers, prices, terms
from procurement.leads.screening.sentences.labels import LABELS
from procurement.leads.screening.sentences.unsure import UNSURE
from workflow.errors import Words
from workflow.tongues import Figure, read

__all__ = ["LATER", "SENTENCES", "UNSURE", "sentence"]

SENTENCES: dict[str, Words] = {
    **companies.SENTENCES,
    **papers.SENTENCES,
    **prices.SENTENCES,
    **terms.SENTENCES,
    **accounts.SENTENCES,
}
LATER = later.SENTENCES


def sentence(code: str, figures: dict[str, Any]) -> str:
    """A finding in words, in the reader's language."""
    return str((SENTENCES | LATER)[code]) % {name: _shown(name, value) for name, value in figures.items()}


def _shown(name: str, value: Any) -> Any:
    """A figure as the reader sees it: a text in three languages in theirs, a code by its label."""
    if isinstance(value, dict):
        return read(value)
    if isinstance(value, list):
        return _("; ").join(str(_shown(name, one)) for one in value)
    if isinstance(value, int):
        return Figure(value)
    labels = LABELS.get(name, {})
    return labels.get(value, value)
