"""Reasons for the rank of a contact: each has a stable code and a sentence for the reader. No database access."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.agreements.status import AgreementStatus
from partners.routing.contact_paths import Candidate, ContactPath, PathDegree, RoutingInquiry
from partners.routing.goods import InquiryGoods
from workflow.errors import LazyText

# Codes of reasons that rest on the asking city's own offers. Only its people may read them.
CITY_ONLY_REASONS = ("makers",)


class RankReason(NamedTuple):
    """Reason for a rank: a stable code, and a sentence in the language of the reader."""

    code: str
    sentence: LazyText


def rank_reasons(
    inquiry: RoutingInquiry,
    candidate: Candidate,
    path: ContactPath,
    on: date,
    substitutes_for: Candidate | None = None,
) -> Iterable[RankReason]:
    """Yield all reasons, the most important first."""
    yield _degree_reason(path)
    if path.status is AgreementStatus.UNKNOWN:
        yield RankReason("unknown", _("agreement not confirmed to be in force"))
    elif path.is_active:
        yield RankReason("active", _("agreement in force and active"))
    elif path.status is AgreementStatus.IN_FORCE:
        yield RankReason("in_force", _("agreement in force"))
    if substitutes_for is not None:
        yield _substitute_reason(substitutes_for, on)
    yield from _skill_reasons(inquiry, candidate)
    yield from _place_reasons(inquiry, candidate)
    yield from _availability_reasons(candidate, on)


def _fill(words: Any, **values: Any) -> str:
    return str(words % values)


_filled = lazy(_fill, str)  # a sentence with its values, translated only when it is shown


def _join(names: Sequence[LazyText], separator: LazyText) -> str:
    return str(separator).join(str(name) for name in names)


_joined = lazy(_join, str)  # names in a row, translated only when they are shown


def _family_names(goods: Iterable[InquiryGoods]) -> LazyText:
    return _joined(tuple(one.label for one in goods), _(", "))


def _degree_reason(path: ContactPath) -> RankReason:
    if path.via is not None:
        message = _("partner of %(city)s, your partner city, whose consent is needed")
        return RankReason("second_degree", _filled(message, city=path.via.name))
    return _DEGREES[path.degree]


_DEGREES = {
    PathDegree.PARTNER_AT_PLACE: RankReason(
        "partner_at_place", _("your partner city where the supplier is located")
    ),
    PathDegree.PARTNER_NEARBY: RankReason(
        "partner_nearby", _("your partner city in the same province or state")
    ),
    PathDegree.ALREADY_CHECKING: RankReason("already_checking", _("is already checking this company")),
    PathDegree.PARTNER_ELSEWHERE: RankReason(
        "partner_elsewhere", _("your partner city elsewhere in the country")
    ),
}


def _substitute_reason(absent: Candidate, on: date) -> RankReason:
    if absent.is_away(on):
        message = _("deputy for %(name)s, who is away")
    elif absent.has_returned_mail:
        message = _("deputy for %(name)s, whose email is being returned")
    else:
        message = _("deputy for %(name)s, who has reached their maximum number of open requests")
    return RankReason("substitute", _filled(message, name=absent.name))


def _skill_reasons(inquiry: RoutingInquiry, candidate: Candidate) -> Iterable[RankReason]:
    if inquiry.language and inquiry.language in candidate.languages:
        yield RankReason("language", _("reads your language"))
    known = [one for one in inquiry.goods if one.family in candidate.product_families]
    if known:
        named = tuple(name for one in known for name in one.products or (one.label,))
        yield RankReason("family", _filled(_("knows these goods: %(goods)s"), goods=_joined(named, _("; "))))
    if inquiry.check_kind and inquiry.check_kind in candidate.check_kinds:
        yield RankReason("check", _("can do this type of check"))
    if candidate.is_checking_this_company:
        yield RankReason("company", _("is in touch with this company"))


def _place_reasons(inquiry: RoutingInquiry, candidate: Candidate) -> Iterable[RankReason]:
    local, place = candidate.local_goods, candidate.place_name
    made = [one for one in inquiry.goods if one.family in local.made_families]
    if made:
        message = _("makers of %(goods)s are known in %(place)s")
        yield RankReason("makers", _filled(message, goods=_family_names(made), place=place))
    given_by_year: dict[int, list[InquiryGoods]] = {}
    for one in inquiry.goods:
        if one.family in local.gift_years:
            given_by_year.setdefault(local.gift_years[one.family], []).append(one)
    for year in sorted(given_by_year, reverse=True):
        message = _("%(place)s gave %(goods)s in %(year)s")
        names = _family_names(given_by_year[year])
        yield RankReason("gifts", _filled(message, goods=names, place=place, year=year))


def _availability_reasons(candidate: Candidate, on: date) -> Iterable[RankReason]:
    if candidate.has_returned_mail:
        yield RankReason("mail_returned", _("email to them is being returned"))
    if candidate.is_at_limit:
        yield RankReason("full", _("has reached their maximum number of open inquiries"))
    elif candidate.open_task_count:
        counted = ngettext_lazy("has %(n)d open inquiry", "has %(n)d open inquiries", "n")
        yield RankReason("open_questions", _filled(counted, n=candidate.open_task_count))
    if candidate.is_away(on):
        yield RankReason("away", _("is currently away"))
    if candidate.is_on_public_holiday:
        yield RankReason("holiday", _("has a public holiday that day"))
    if candidate.median_answer_hours is not None:
        counted = ngettext_lazy(
            "usually replies within %(n)d hour", "usually replies within %(n)d hours", "n"
        )
        yield RankReason("answer_hours", _filled(counted, n=candidate.median_answer_hours))
