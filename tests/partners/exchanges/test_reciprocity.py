"""Donations without a return, and the goods that a city gave before, computed from plain values."""

from dataclasses import dataclass
from datetime import date

from partners.exchanges.donations import goods_given_before, unanswered_gifts

US, THEM, OTHERS = 1, 2, 3


@dataclass(frozen=True)
class ExchangeStub:
    from_city_id: int
    to_city_id: int
    on: date
    kind: str = "ppe_donation"
    items: str = "Masks"
    quantity: int | None = 1
    unit: str = "piece"
    took_place: bool = True


def day(month: int, of: int = 1) -> date:
    return date(2020, month, of)


def test_donation_without_a_later_return_is_unanswered() -> None:
    early, late = ExchangeStub(THEM, US, day(2)), ExchangeStub(THEM, US, day(5))
    letter = ExchangeStub(US, THEM, day(3), "letter")
    found = unanswered_gifts([late, early, letter], US)
    assert (found.received, found.given) == ([late], [])
    theirs = unanswered_gifts([late, early, letter], THEM)
    assert (theirs.received, theirs.given) == ([], [late])


def test_exchange_on_the_same_day_answers_a_donation_but_a_cancelled_visit_does_not() -> None:
    gift = ExchangeStub(THEM, US, day(4))
    assert unanswered_gifts([gift, ExchangeStub(US, THEM, day(4), "letter")], US).received == []
    cancelled = ExchangeStub(US, THEM, day(6), "visit_cancelled", took_place=False)
    assert unanswered_gifts([gift, cancelled], US).received == [gift]


def test_letters_and_donations_before_2020_are_not_listed_as_unanswered() -> None:
    assert (
        unanswered_gifts(
            [ExchangeStub(THEM, US, day(4), "letter"), ExchangeStub(THEM, US, date(2019, 1, 1))], US
        ).received
        == []
    )


def test_goods_given_before_are_listed_once_each() -> None:
    rows = [
        ExchangeStub(US, OTHERS, day(1), items="Surgical masks "),
        ExchangeStub(US, THEM, day(2), items="surgical  masks"),
        ExchangeStub(US, THEM, day(2), items=" "),
        ExchangeStub(US, THEM, day(2), "letter", items="A letter"),
        ExchangeStub(THEM, US, day(3), items="Gloves"),
        ExchangeStub(US, THEM, day(3), items="Gowns"),
    ]
    assert goods_given_before(rows, US) == ["Gowns", "Surgical masks"]
