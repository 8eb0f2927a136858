"""Whether an offered standard meets the one a line asks for. Plain functions of rows already loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Holds
from procurement.catalogue.models.standards import Acceptance, Standard
from procurement.catalogue.rules.backing import Backing
from procurement.catalogue.words import filled, text_of
from workflow.errors import Words

Verdict = Acceptance.Verdict
RANK = {Verdict.EQUAL: 0, Verdict.NEIGHBOUR: 1, Verdict.UNKNOWN: 2, Verdict.NO: 3}


@dataclass(frozen=True)
class Meeting:
    """Whether an offered standard meets a line, why, and what would show it where it is only a neighbour."""

    verdict: Acceptance.Verdict
    reason: Words
    evidence: Words = ""
    backing: Backing | None = None

    @property
    def blocks(self) -> bool:
        """Whether this alone keeps a lead from a line: a firm no."""
        return self.verdict is Verdict.NO and self.backing is not None and self.backing.firm


def meets(
    asked: Standard,
    offered: Standard | None,
    *,
    market: str,
    use: str,
    rows: Iterable[Acceptance],
    on: date | None = None,
) -> Meeting:
    """Whether an offered standard meets the one a line asks for, in a market and for a use.

    `rows` are the acceptances of the two; the most exact one wins. Without a day, rows with a known end are left out. Another
    edition of the same standard and level is a neighbour, and so is one that has ended by the day. No row: unknown, never yes.
    """
    if offered is None:
        return Meeting(Verdict.UNKNOWN, _("The offer names no standard."))
    if offered.code == asked.code:
        if on is not None and has_ended(offered, on):
            words = ending(offered)
            return Meeting(Verdict.NEIGHBOUR, words, _("The day of manufacture on the pack."))
        return Meeting(
            Verdict.EQUAL, _("It is the standard the line asks for."), backing=Backing.of(asked, on)
        )
    row = _most_exact((row for row in rows if _fits(row, asked, offered, on)), market, use)
    if row is not None:
        evidence = text_of(row.ground, "evidence", on) if row.verdict == Verdict.NEIGHBOUR else ""
        return Meeting(
            Verdict(row.verdict),
            text_of(row.ground, "reason", on),
            evidence,
            Backing.of(row, on if dated(row) else None),
        )
    if (offered.designation, offered.level) == (asked.designation, asked.level):
        words = _("It is another edition of the standard the line asks for.")
        return Meeting(Verdict.NEIGHBOUR, words, _("A statement of what changed between the editions."))
    return Meeting(Verdict.UNKNOWN, _("Nobody has said yet whether this standard meets the line."))


def has_ended(standard: Standard, on: date) -> bool:
    """Whether an edition of a standard no longer holds on a day."""
    return standard.valid_to is not None and standard.valid_to < on


def successor_of(standard: Standard, editions: Iterable[Standard], on: date) -> Standard | None:
    """The edition that holds on a day in place of one that has ended, of the same standard and level."""
    later = [
        one
        for one in editions
        if (one.designation, one.level) == (standard.designation, standard.level)
        and one.edition > standard.edition
        and one.holds_on(on) is not Holds.NO
    ]
    return max(later, key=lambda one: one.edition, default=None)


def ending(standard: Standard, successor: Standard | None = None) -> Words:
    """That an edition has ended, when, and which one took its place."""
    until = standard.valid_to.isoformat() if standard.valid_to else ""
    if successor is None:
        return filled(_("%(standard)s ended on %(day)s."), standard=standard.label, day=until)
    words = _("%(standard)s ended on %(day)s, and %(successor)s took its place.")
    return filled(words, standard=standard.label, day=until, successor=successor.label)


def meets_any(
    accepted: Iterable[Standard],
    offered: Standard | None,
    *,
    market: str,
    use: str,
    rows: Iterable[Acceptance],
    on: date | None = None,
) -> Meeting:
    """The best answer over all the standards a line accepts. A line that names none takes any."""
    rows = list(rows)
    answers = [meets(asked, offered, market=market, use=use, rows=rows, on=on) for asked in accepted]
    if not answers:
        return Meeting(Verdict.EQUAL, _("The line asks for no standard."))
    return min(answers, key=lambda answer: RANK[answer.verdict])


def dated(row: Acceptance) -> bool:
    """Whether a row speaks of some days only. A comparison of two published texts does not go stale."""
    return bool(row.valid_from or row.valid_to)


def _fits(row: Acceptance, asked: Standard, offered: Standard, on: date | None) -> bool:
    """Whether a row is about these two standards, and on this day. Without a day, what has a known end is past."""
    in_time = row.valid_to is None if on is None else row.holds_on(on) is not Holds.NO
    return in_time and (row.asked_id, row.offered_id) == (asked.pk, offered.pk)


def _most_exact(rows: Iterable[Acceptance], market: str, use: str) -> Acceptance | None:
    """An exact market or use beats an open one; of two periods, the one that begins later."""
    fitting = [row for row in rows if row.market in {"", market} and row.use in {"", use}]
    return max(fitting, key=lambda row: (row.market, row.use, row.valid_from or date.min), default=None)
