"""Comparison of an offered standard with the one a need line asks for. Pure functions on loaded rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.lazy_texts import lazy_filled_text, lazy_translated_text
from procurement.catalogue.models.reference_rows import Validity
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.rules.sources import SourceConfidence
from workflow.errors import LazyText

Verdict = StandardEquivalence.Verdict
VERDICT_RANK = {
    Verdict.EQUAL: 0,
    Verdict.BETTER: 1,
    Verdict.COMPARABLE: 2,
    Verdict.UNKNOWN: 3,
    Verdict.NOT_EQUIVALENT: 4,
}
MEETING_VERDICTS = (Verdict.EQUAL, Verdict.BETTER)


@dataclass(frozen=True)
class StandardMatch:
    """Verdict on an offered standard for a need line, with the reason.

    `evidence` is the evidence that a similar standard needs.
    """

    verdict: StandardEquivalence.Verdict
    reason: LazyText
    evidence: LazyText = ""
    source_confidence: SourceConfidence | None = None

    @property
    def is_blocking(self) -> bool:
        """True if this alone excludes the offer from the line: the verdict is "no", from a reliable source."""
        return (
            self.verdict is Verdict.NOT_EQUIVALENT
            and self.source_confidence is not None
            and self.source_confidence.is_reliable
        )


def match_standard(
    needed: Standard,
    offered: Standard | None,
    *,
    market: str,
    use: str,
    rows: Iterable[StandardEquivalence],
    on: date | None = None,
) -> StandardMatch:
    """Return the verdict on an offered standard for the one a line asks for, by market and use.

    `rows` are the known equivalences of the two standards; the most specific one decides. Without a day, rows with a
    last day are ignored. Another edition of the same standard and level is similar (NEIGHBOUR), and so is the standard
    itself if it has ended by the day. Without a row the verdict is UNKNOWN, never EQUAL.
    """
    if offered is None:
        return StandardMatch(Verdict.UNKNOWN, _("The offer names no standard."))
    if offered.code == needed.code:
        if on is not None and has_ended(offered, on):
            words = ended_message(offered)
            return StandardMatch(Verdict.COMPARABLE, words, _("The date of manufacture on the packaging."))
        return StandardMatch(
            Verdict.EQUAL,
            _("This is the standard the line asks for."),
            source_confidence=SourceConfidence.from_row(needed, on),
        )
    row = _most_specific((row for row in rows if _is_about(row, needed, offered, on)), market, use)
    if row is not None:
        evidence = (
            lazy_translated_text(row.ground, "evidence", on) if row.verdict == Verdict.COMPARABLE else ""
        )
        return StandardMatch(
            Verdict(row.verdict),
            lazy_translated_text(row.ground, "reason", on),
            evidence,
            SourceConfidence.from_row(row, on if has_validity_dates(row) else None),
        )
    if (offered.designation, offered.level) == (needed.designation, needed.level):
        words = _("This is another edition of the standard the line asks for.")
        return StandardMatch(Verdict.COMPARABLE, words, _("A statement of what changed between editions."))
    return StandardMatch(
        Verdict.UNKNOWN, _("No one has decided yet whether this standard meets the requirement.")
    )


def has_ended(standard: Standard, on: date) -> bool:
    """Return True if an edition of a standard is no longer in force on a day."""
    return standard.valid_to is not None and standard.valid_to < on


def successor_of(standard: Standard, editions: Iterable[Standard], on: date) -> Standard | None:
    """Return the latest later edition of the same standard and level in force on a day, or None."""
    later = [
        one
        for one in editions
        if (one.designation, one.level) == (standard.designation, standard.level)
        and one.edition > standard.edition
        and one.validity_on(on) is not Validity.NO
    ]
    return max(later, key=lambda one: one.edition, default=None)


def ended_message(standard: Standard, successor: Standard | None = None) -> LazyText:
    """Return the sentence that an edition has ended, with the day and its successor if there is one."""
    until = standard.valid_to.isoformat() if standard.valid_to else ""
    if successor is None:
        return lazy_filled_text(
            _("%(standard)s ceased to apply on %(day)s."), standard=standard.label, day=until
        )
    words = _("%(standard)s ceased to apply on %(day)s and was replaced by %(successor)s.")
    return lazy_filled_text(words, standard=standard.label, day=until, successor=successor.label)


def match_any_standard(
    accepted: Iterable[Standard],
    offered: Standard | None,
    *,
    market: str,
    use: str,
    rows: Iterable[StandardEquivalence],
    on: date | None = None,
) -> StandardMatch:
    """Return the best verdict over all standards a line accepts. A line that names none accepts any."""
    rows = list(rows)
    answers = [
        match_standard(needed, offered, market=market, use=use, rows=rows, on=on) for needed in accepted
    ]
    if not answers:
        return StandardMatch(Verdict.EQUAL, _("The line does not ask for any standard."))
    return min(answers, key=lambda answer: VERDICT_RANK[answer.verdict])


def has_validity_dates(row: StandardEquivalence) -> bool:
    """Return True if a row has a first or last day.

    A comparison of two published texts has none and does not become outdated.
    """
    return bool(row.valid_from or row.valid_to)


def _is_about(row: StandardEquivalence, needed: Standard, offered: Standard, on: date | None) -> bool:
    """Return True if a row is about these two standards and may be in force on this day.

    Without a day, a row with a last day counts as ended.
    """
    in_time = row.valid_to is None if on is None else row.validity_on(on) is not Validity.NO
    return in_time and (row.asked_id, row.offered_id) == (needed.pk, offered.pk)


def _most_specific(rows: Iterable[StandardEquivalence], market: str, use: str) -> StandardEquivalence | None:
    """Return the most specific row: a named market or use comes before an open one.

    Of two periods, the one that begins later wins.
    """
    fitting = [row for row in rows if row.market in {"", market} and row.use in {"", use}]
    return max(fitting, key=lambda row: (row.market, row.use, row.valid_from or date.min), default=None)
