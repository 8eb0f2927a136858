"""Why a contact stands where they do, in words: each ground a stable code and a sentence in the reader's language. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.register.standing import Standing
from partners.routing.values import Candidate, Degree, Path, Question
from workflow.errors import Words


class Reason(NamedTuple):
    """One ground of a rank: a stable code, and its sentence in the reader's language."""

    code: str
    words: Words


def reasons_of(
    question: Question, candidate: Candidate, path: Path, on: date, stands_in_for: Candidate | None = None
) -> Iterable[Reason]:
    """Every ground, the weightiest first."""
    yield _degree_in_words(path)
    if path.standing is Standing.UNKNOWN:
        yield Reason("unknown", _("nobody knows whether the agreement is in force"))
    elif path.active:
        yield Reason("active", _("the tie is in force and active"))
    elif path.standing is Standing.IN_FORCE:
        yield Reason("in_force", _("the tie is in force"))
    if stands_in_for is not None:
        yield _stands_in(stands_in_for, on)
    yield from _abilities(question, candidate)
    yield from _availability(candidate, on)


def _fill(words: Any, **values: Any) -> str:
    return str(words % values)


_filled = lazy(_fill, str)  # a sentence with its figures, still in the reader's language


def _degree_in_words(path: Path) -> Reason:
    if path.via is not None:
        words = _("twin of your partner city %(city)s, which is asked first")
        return Reason("second_degree", _filled(words, city=path.via.name))
    return _DEGREES[path.degree]


_DEGREES = {
    Degree.TWIN_AT_PLACE: Reason("twin_at_place", _("your twin city at the place")),
    Degree.TWIN_NEARBY: Reason("twin_nearby", _("your twin city in the same province or state")),
    Degree.ALREADY_CHECKING: Reason("already_checking", _("looks into this company already")),
    Degree.TWIN_ELSEWHERE: Reason("twin_elsewhere", _("your twin city elsewhere in the country")),
}


def _stands_in(absent: Candidate, on: date) -> Reason:
    if absent.away(on):
        words = _("stands in for %(name)s, who is away")
    elif absent.mail_returned:
        words = _("stands in for %(name)s, to whom mail comes back")
    else:
        words = _("stands in for %(name)s, who has as many open questions as they want")
    return Reason("stands_in", _filled(words, name=absent.name))


def _abilities(question: Question, candidate: Candidate) -> Iterable[Reason]:
    if question.language and question.language in candidate.languages:
        yield Reason("language", _("reads your language"))
    if question.family and question.family in candidate.families:
        yield Reason("family", _("knows these products"))
    if question.check and question.check in candidate.checks:
        yield Reason("check", _("makes such checks"))
    if candidate.checks_this_company:
        yield Reason("company", _("is in touch with this company"))


def _availability(candidate: Candidate, on: date) -> Iterable[Reason]:
    if candidate.mail_returned:
        yield Reason("mail_returned", _("mail to them comes back"))
    if candidate.full:
        yield Reason("full", _("has as many open questions as they want"))
    elif candidate.open_questions:
        counted = ngettext_lazy("has %(n)d open question", "has %(n)d open questions", "n")
        yield Reason("open_questions", _filled(counted, n=candidate.open_questions))
    if candidate.away(on):
        yield Reason("away", _("is away at the moment"))
    if candidate.off:
        yield Reason("holiday", _("has a public holiday that day"))
    if candidate.answer_hours is not None:
        counted = ngettext_lazy("answers within %(n)d hour", "answers within %(n)d hours", "n")
        yield Reason("answer_hours", _filled(counted, n=candidate.answer_hours))
