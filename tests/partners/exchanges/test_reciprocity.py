"""Donations without a return, and a city's past capacity to give: pure functions of plain values."""

from dataclasses import dataclass
from datetime import date

from partners.exchanges.donations import goods_given_before, unanswered_donations

US, THEM, OTHERS = 1, 2, 3


@dataclass(frozen=True)
class Passed:
    from_city_id: int
    to_city_id: int
    on: date
    kind: str = "ppe_donation"
    items: str = "Masks"
    quantity: int | None = 1
    unit: str = "piece"
    counts: bool = True


def day(month: int, of: int = 1) -> date:
    return date(2020, month, of)


def test_a_donation_after_which_nothing_went_back_is_owed_for() -> None:
    early, late = Passed(THEM, US, day(2)), Passed(THEM, US, day(5))
    letter = Passed(US, THEM, day(3), "letter")
    found = unanswered_donations([late, early, letter], US)
    assert (found.by_them, found.by_us) == ([late], [])
    theirs = unanswered_donations([late, early, letter], THEM)
    assert (theirs.by_them, theirs.by_us) == ([], [late])


def test_the_same_day_answers_and_what_never_took_place_does_not() -> None:
    gift = Passed(THEM, US, day(4))
    assert unanswered_donations([gift, Passed(US, THEM, day(4), "letter")], US).by_them == []
    cancelled = Passed(US, THEM, day(6), "visit_cancelled", counts=False)
    assert unanswered_donations([gift, cancelled], US).by_them == [gift]


def test_letters_need_no_answer_and_what_was_before_2020_is_left_alone() -> None:
    assert (
        unanswered_donations(
            [Passed(THEM, US, day(4), "letter"), Passed(THEM, US, date(2019, 1, 1))], US
        ).by_them
        == []
    )


def test_what_someone_has_handed_over_before_each_once() -> None:
    rows = [
        Passed(US, OTHERS, day(1), items="Surgical masks "),
        Passed(US, THEM, day(2), items="surgical  masks"),
        Passed(US, THEM, day(2), items=" "),
        Passed(US, THEM, day(2), "letter", items="A letter"),
        Passed(THEM, US, day(3), items="Gloves"),
        Passed(US, THEM, day(3), items="Gowns"),
    ]
    assert goods_given_before(rows, US) == ["Gowns", "Surgical masks"]
