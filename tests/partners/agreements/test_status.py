"""The register on a date: status and activity of agreements, unused agreements, and the register's figures."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from partners.agreements.status import agreement_status_on, ended_status, has_begun, is_in_force
from partners.exchanges.active_pairs import AgreementSide, active_pairs
from partners.exchanges.untapped_potential import (
    AgreementFigures,
    UntappedPotentialReason,
    agreement_figures,
    untapped_agreements,
)
from partners.partial_dates import UNKNOWN_DATE, PartialDate, parse_partial_date

APRIL = date(2020, 4, 16)
BURNABY, MARKHAM, ZHONGSHAN, WUHAN, MORIGUCHI = range(1, 6)


@dataclass(frozen=True)
class AgreementStub:
    """The values of an agreement."""

    status: str = "recorded"
    ended_why: str = ""
    certain: bool = True
    recorded_on: date = date(2019, 6, 1)
    signed: PartialDate = UNKNOWN_DATE
    expires: PartialDate = UNKNOWN_DATE
    ended: PartialDate = UNKNOWN_DATE


@dataclass(frozen=True)
class ExchangeStub:
    """The values of an exchange."""

    from_city_id: int
    to_city_id: int
    on: date = date(2020, 4, 12)
    kind: str = "ppe_donation"
    took_place: bool = field(default=True)


def agreement(status="recorded", why="", *, certain=True, signed="", expires="", ended=""):
    return AgreementStub(
        status,
        why,
        certain,
        signed=parse_partial_date(signed),
        expires=parse_partial_date(expires),
        ended=parse_partial_date(ended),
    )


@pytest.mark.parametrize(
    ("facts", "on", "agreement_status"),
    [
        # Without a signing date and not ended: in force since an unknown date.
        (agreement(), "2020-04-16", "in_force"),
        (agreement(), "1900-01-01", "in_force"),
        # No source confirms that it is in force.
        (agreement(certain=False), "2020-04-16", "unknown"),
        (agreement(certain=False, signed="2011"), "2020-04-16", "unknown"),
        # A signing counts from the first possible day; before, the status is unknown.
        (agreement(signed="2011-05-14"), "2011-05-13", "unknown"),
        (agreement(signed="2011-05-14"), "2011-05-14", "in_force"),
        (agreement(signed="2011-05"), "2011-04-30", "unknown"),
        (agreement(signed="2011-05"), "2011-05-01", "in_force"),
        (agreement(signed="2011"), "2010-12-31", "unknown"),
        (agreement(signed="2011"), "2011-01-01", "in_force"),
        # An agreement is still in force on its last day.
        (agreement(expires="2019-12-31"), "2019-12-31", "in_force"),
        (agreement(expires="2019-12-31"), "2020-01-01", "expired"),
        # If only the month or year is known, the status is unknown within it and certain after it.
        (AgreementStub("recorded", "", expires=PartialDate(date.max, "day")), "9999-12-31", "in_force"),
        (
            AgreementStub("recorded", "", expires=PartialDate(date(9999, 1, 1), "year")),
            "2020-04-16",
            "in_force",
        ),
        (AgreementStub("recorded", "", signed=PartialDate(date.min, "day")), "2020-04-16", "in_force"),
        (AgreementStub("ended", "expired", expires=PartialDate(date.max, "day")), "2020-04-16", "in_force"),
        (agreement(expires="2020"), "2019-12-31", "in_force"),
        (agreement(expires="2020"), "2020-04-16", "unknown"),
        (agreement(expires="2020"), "2021-01-01", "expired"),
        (agreement(expires="2020-04"), "2020-04-30", "unknown"),
        (agreement(expires="2020-04"), "2020-05-01", "expired"),
        # An agreement is no longer in force on the day of its end.
        (agreement("ended", "terminated", ended="2020-01-14"), "2020-01-13", "in_force"),
        (agreement("ended", "terminated", ended="2020-01-14"), "2020-01-14", "terminated"),
        (agreement("ended", "terminated", ended="2019-10"), "2019-10-15", "unknown"),
        (agreement("ended", "terminated", ended="2019-10"), "2019-11-01", "terminated"),
        (agreement("ended", "terminated", ended="2025"), "2020-04-16", "in_force"),
        (agreement("ended", "expired", ended="2020-03-01"), "2020-04-16", "expired"),
        # An end without a date counts from the day after the expiry, else from the date of the record.
        (agreement("ended", "expired", expires="2015-12-12"), "2015-12-12", "in_force"),
        (agreement("ended", "expired", expires="2015-12-12"), "2015-12-13", "expired"),
        (agreement("ended", "expired"), "2019-05-31", "in_force"),
        (agreement("ended", "expired"), "2019-06-01", "expired"),
        (agreement("ended", "terminated"), "2019-06-01", "terminated"),
        (agreement("ended", "terminated", expires="2030"), "2019-06-01", "terminated"),
        # A certain end overrides an uncertain expiry.
        (agreement("ended", "terminated", ended="2019-10", expires="2020"), "2020-02-01", "terminated"),
        # Suspended.
        (agreement("suspended", ended="2022-03"), "2020-04-16", "in_force"),
        (agreement("suspended", ended="2022-03"), "2022-04-01", "suspended"),
        (agreement("suspended"), "2020-04-16", "suspended"),
    ],
)
def test_status_of_twinning_agreement_on_a_date_follows_its_history(facts, on, agreement_status):
    assert agreement_status_on(facts, date.fromisoformat(on)) == agreement_status


def test_agreement_is_in_force_from_signing_to_end():
    facts = agreement("ended", "terminated", signed="2019", ended="2020-01-14")
    assert [has_begun(facts, date(2018, 12, 31)), is_in_force(facts, date(2018, 12, 31))] == [False, False]
    assert is_in_force(facts, date(2019, 7, 1))
    assert has_begun(facts, date(2020, 1, 14))
    assert not is_in_force(facts, date(2020, 1, 14))
    assert is_in_force(agreement(certain=False), APRIL)


@pytest.mark.parametrize(
    ("status", "why"), [("ended", "terminated"), ("ended", "expired"), ("suspended", "")]
)
@pytest.mark.parametrize(
    ("ended", "before", "within"),
    [("2020", "2019-12-31", "2020-01-01"), ("2020-04", "2020-03-31", "2020-04-16")],
)
def test_agreement_ended_within_an_uncertain_period_is_not_used_from_its_first_day(
    status, why, ended, before, within
):
    facts = agreement(status, why, signed="2011", ended=ended)
    assert is_in_force(facts, date.fromisoformat(before))
    assert ended_status(facts, date.fromisoformat(before)) is None
    assert agreement_status_on(facts, date.fromisoformat(within)) == "unknown"
    assert not is_in_force(facts, date.fromisoformat(within))
    assert ended_status(facts, date.fromisoformat(within)) == (why or "suspended")


def test_agreement_signed_in_the_future_has_not_ended():
    assert ended_status(agreement("ended", "terminated", signed="2030", ended="2031"), APRIL) is None


def test_agreement_is_active_with_an_exchange_in_the_period_in_either_direction():
    pair = frozenset((BURNABY, ZHONGSHAN))
    for gift, active in [
        (ExchangeStub(ZHONGSHAN, BURNABY, date(2015, 1, 1)), True),
        (ExchangeStub(BURNABY, ZHONGSHAN, date(2020, 4, 16)), True),
        (ExchangeStub(BURNABY, ZHONGSHAN, date(2014, 12, 31)), False),
        (ExchangeStub(BURNABY, ZHONGSHAN, date(2020, 4, 17)), False),
        (ExchangeStub(BURNABY, ZHONGSHAN, kind="visit_cancelled", took_place=False), False),
        (ExchangeStub(BURNABY, WUHAN), False),
    ]:
        assert (pair in active_pairs([gift], date(2015, 1, 1), APRIL)) is active


TIE = AgreementSide(BURNABY, ZHONGSHAN, agreement(signed="2011"))
LETTER = ExchangeStub(ZHONGSHAN, BURNABY, date(2020, 2, 3), kind="letter")
ELSEWHERE = ExchangeStub(ZHONGSHAN, MORIGUCHI)


def reasons(agreements=(TIE,), exchanges=(LETTER, ELSEWHERE), asked=()):
    found = untapped_agreements(agreements, exchanges, asked, since=date(2020, 1, 1), on=APRIL)
    return [(one.agreement_side.partner_city_id, set(one.reasons)) for one in found]


def test_partner_giving_only_to_others_or_never_asked_is_unused():
    assert reasons() == [
        (ZHONGSHAN, {UntappedPotentialReason.GIVES_TO_OTHERS, UntappedPotentialReason.NEVER_ASKED})
    ]
    assert reasons(asked={(BURNABY, ZHONGSHAN)}) == [(ZHONGSHAN, {UntappedPotentialReason.GIVES_TO_OTHERS})]
    assert reasons(exchanges=[LETTER]) == [(ZHONGSHAN, {UntappedPotentialReason.NEVER_ASKED})]


def test_partner_that_gave_here_and_was_asked_is_not_unused():
    here = ExchangeStub(ZHONGSHAN, BURNABY)
    assert reasons(exchanges=[LETTER, ELSEWHERE, here], asked={(BURNABY, ZHONGSHAN)}) == []


def test_donation_before_the_start_date_does_not_count_for_unused_partners():
    old = ExchangeStub(ZHONGSHAN, MORIGUCHI, date(2019, 12, 31))
    assert reasons(exchanges=[LETTER, old], asked={(BURNABY, ZHONGSHAN)}) == []


def test_only_active_agreements_in_force_are_reported_as_unused():
    assert reasons(exchanges=[ELSEWHERE]) == []
    assert reasons(agreements=[AgreementSide(BURNABY, ZHONGSHAN, agreement("ended", "terminated"))]) == []
    assert reasons(agreements=[AgreementSide(BURNABY, ZHONGSHAN, agreement(certain=False))]) == []


def test_register_figures_are_computed_from_the_rows():
    agreements = [
        TIE,
        AgreementSide(MARKHAM, WUHAN, agreement()),
        AgreementSide(MARKHAM, ZHONGSHAN, agreement("ended", "terminated")),
        AgreementSide(BURNABY, MORIGUCHI, agreement()),
    ]
    gifts = [
        LETTER,
        ELSEWHERE,
        ExchangeStub(WUHAN, BURNABY),
        ExchangeStub(ZHONGSHAN, WUHAN),  # a domestic exchange
        ExchangeStub(ZHONGSHAN, MORIGUCHI, date(2021, 1, 1)),  # later
        ExchangeStub(MORIGUCHI, BURNABY),
    ]
    assert agreement_figures(agreements, gifts, {ZHONGSHAN, WUHAN}, APRIL) == AgreementFigures(
        agreement_count=2,
        asking_city_count=2,
        partner_city_count=2,
        active_agreement_count=1,
        donors_to_other_countries=2,
        donors_with_active_agreement=1,
        donors_to_asking_cities=1,
    )


def test_partner_that_gave_before_the_start_date_is_not_said_to_have_given_nothing():
    early = ExchangeStub(ZHONGSHAN, BURNABY, date(2019, 12, 31))
    assert reasons(exchanges=[LETTER, early, ELSEWHERE], asked={(BURNABY, ZHONGSHAN)}) == []
