"""Who is asked first, and who never: examples in the order of the rules, then properties over random candidates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partners.dates import parse
from partners.register import ENDED, Standing, begun, holds
from partners.routing import Candidate, Degree, Link, Place, Question, next_to_ask, rank
from tests.partners.register.test_register import Agreement

ON = date(2020, 4, 16)
BURNABY, ZHONGSHAN, FOSHAN, WUHAN, KUSHIRO, BEIJING = range(1, 7)
AT_ZHONGSHAN = Place(city_id=ZHONGSHAN, subdivision="CN-GD", country="CN")
AT_FOSHAN = Place(city_id=FOSHAN, subdivision="CN-GD", country="CN")
AT_WUHAN = Place(city_id=WUHAN, subdivision="CN-HB", country="CN")
AT_BEIJING = Place(city_id=BEIJING, subdivision="CN-BJ", country="CN")

STANDING = Agreement(signed=parse("2011"))
UNSURE = Agreement(certain=False)
OVER = Agreement("ended", "terminated", ended=parse("2019-10-01"))
SUSPENDED = Agreement("suspended")
SOME_TIME = Agreement("ended", "terminated", ended=parse("2020"))  # on which day of this year nobody knows
NOT_YET = Agreement(signed=parse("2023"))


def in_words(ranked):
    return "; ".join(str(reason.words) for reason in ranked.reasons)


def tie(city, agreement=STANDING, *, active=False, name="Kushiro"):
    return Link(city_id=city, name=name, agreement=agreement, active=active)


def candidate(contact_id=1, place=AT_ZHONGSHAN, ties=None, **facts):
    return Candidate(
        contact_id=contact_id, place=place, ties=(tie(BURNABY),) if ties is None else ties, **facts
    )


def question(place=AT_ZHONGSHAN, **facts):
    return Question(city_id=BURNABY, place=place, **facts)


def order(asked, *candidates):
    return [ranked.candidate.contact_id for ranked in rank(asked, candidates, ON)]


def codes(asked, one):
    (ranked,) = rank(asked, [one], ON)
    return [reason.code for reason in ranked.reasons]


# --- the degrees ---
def test_the_degrees_come_in_their_order():
    asked = question(ties=(tie(KUSHIRO),))
    at_place = candidate(5)
    nearby = candidate(4, AT_FOSHAN)
    second = candidate(3, AT_ZHONGSHAN, ties=(tie(KUSHIRO),))
    checking = candidate(2, AT_BEIJING, ties=(), checks_this_company=True)
    elsewhere = candidate(1, AT_WUHAN)
    assert order(asked, elsewhere, checking, second, nearby, at_place) == [5, 4, 3, 2, 1]


def test_a_second_degree_contact_names_the_city_that_is_asked_first():
    (ranked,) = rank(question(ties=(tie(KUSHIRO),)), [candidate(ties=(tie(KUSHIRO),))], ON)
    assert ranked.path.degree is Degree.SECOND_DEGREE
    assert ranked.via is not None
    assert ranked.via.city_id == KUSHIRO
    assert in_words(ranked) == "twin of your partner city Kushiro, which is asked first; the tie is in force"


def test_a_direct_contact_asks_nobody_first():
    (ranked,) = rank(question(), [candidate()], ON)
    assert ranked.via is None


def test_of_several_partners_the_one_whose_ties_hold_and_live_is_asked():
    asked = question(ties=(tie(KUSHIRO, UNSURE), tie(FOSHAN), tie(WUHAN, active=True), tie(BEIJING, OVER)))
    ties = (tie(KUSHIRO), tie(FOSHAN), tie(WUHAN, active=True), tie(BEIJING))
    (ranked,) = rank(asked, [candidate(ties=ties)], ON)
    assert ranked.via is not None
    assert ranked.via.city_id == WUHAN


def test_the_weaker_of_two_ties_says_how_sure_the_way_is():
    (ranked,) = rank(question(ties=(tie(KUSHIRO),)), [candidate(ties=(tie(KUSHIRO, UNSURE),))], ON)
    assert ranked.path.standing is Standing.UNKNOWN


def test_the_second_degree_is_for_the_place_itself_only():
    asked = question(ties=(tie(KUSHIRO),))
    assert order(asked, candidate(place=AT_WUHAN, ties=(tie(KUSHIRO),))) == []


def test_a_stranger_without_any_tie_is_not_asked():
    assert order(question(), candidate(ties=())) == []


def test_a_place_may_be_a_province_a_country_or_anywhere():
    contacts = [candidate(1, AT_ZHONGSHAN), candidate(2, AT_WUHAN)]
    abroad = candidate(3, Place(city_id=9, country="JP"))

    def degrees(place):
        ranked = rank(question(place), [*contacts, abroad], ON)
        return [(one.candidate.contact_id, one.path.degree) for one in ranked]

    assert degrees(Place(subdivision="CN-HB", country="CN")) == [(2, 1), (1, 5)]
    assert degrees(Place(country="CN")) == [(1, 1), (2, 1)]
    assert degrees(Place()) == [(1, 1), (2, 1), (3, 1)]


# --- nobody through an ended tie ---
@pytest.mark.parametrize("ended", [OVER, SUSPENDED, SOME_TIME, Agreement(expires=parse("2019-12-31"))])
def test_nobody_is_ranked_whose_tie_has_ended(ended):
    asked = question(ties=(tie(KUSHIRO),))
    over = candidate(ties=(tie(BURNABY, ended), tie(KUSHIRO)), checks_this_company=True)
    assert order(asked, over) == []


def test_of_two_agreements_with_one_city_the_one_that_holds_counts():
    both = candidate(ties=(tie(BURNABY, OVER), tie(BURNABY, active=True)))
    (ranked,) = rank(question(), [both], ON)
    assert ranked.path.active


def test_a_tie_not_yet_signed_carries_no_question_and_ends_none():
    assert order(question(), candidate(ties=(tie(BURNABY, NOT_YET),))) == []
    later = candidate(ties=(tie(BURNABY, NOT_YET), tie(KUSHIRO)))
    assert order(question(ties=(tie(KUSHIRO),)), later) == [1]


def test_an_ended_tie_on_either_leg_closes_the_second_degree():
    assert order(question(ties=(tie(KUSHIRO, OVER),)), candidate(ties=(tie(KUSHIRO),))) == []
    assert order(question(ties=(tie(KUSHIRO),)), candidate(ties=(tie(KUSHIRO, OVER),))) == []


# --- within a degree ---
def test_a_tie_nobody_knows_about_comes_after_every_known_one_and_says_so():
    unsure = candidate(1, ties=(tie(BURNABY, UNSURE),))
    elsewhere = candidate(2, AT_WUHAN)
    assert order(question(), unsure, elsewhere) == [2, 1]
    assert "unknown" in codes(question(), unsure)


def test_somebody_checking_the_company_through_an_unsure_tie_stays_unsure():
    checking = candidate(1, AT_BEIJING, ties=(tie(BURNABY, UNSURE),), checks_this_company=True)
    assert codes(question(), checking) == ["already_checking", "unknown", "company"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"ties": (tie(BURNABY, active=True),)}, {}),
        ({"languages": frozenset({"fr"})}, {}),
        ({"families": frozenset({"masks"})}, {}),
        ({"checks": frozenset({"stock"})}, {}),
        ({"open_questions": 4}, {"open_questions": 5}),
        ({}, {"away_until": ON}),
        ({"away_until": ON - timedelta(days=1)}, {"off": True}),
        ({"open_questions": 1}, {"open_questions": 2}),
        ({"answer_hours": 20}, {"answer_hours": 21}),
        ({"answer_hours": 2000}, {}),
    ],
)
def test_what_makes_an_answer_likelier_comes_first(better, worse):
    asked = question(language="fr", family="masks", check="stock")
    assert order(asked, candidate(1, **worse), candidate(2, **better)) == [2, 1]


def test_each_ground_stands_in_the_reason():
    asked = question(language="fr", family="masks", check="stock")
    able = candidate(
        ties=(tie(BURNABY, active=True),),
        languages=frozenset({"fr"}),
        families=frozenset({"masks"}),
        checks=frozenset({"stock"}),
        open_questions=2,
        away_until=ON,
        off=True,
        answer_hours=30,
    )
    assert codes(asked, able) == [
        "twin_at_place", "active", "language", "family", "check", "open_questions", "away", "holiday", "answer_hours",
    ]  # fmt: skip
    assert codes(asked, candidate(open_questions=5, task_limit=5)) == ["twin_at_place", "in_force", "full"]
    assert codes(asked, candidate(place=AT_FOSHAN))[0] == "twin_nearby"
    assert codes(asked, candidate(place=AT_WUHAN))[0] == "twin_elsewhere"


def test_the_reason_is_told_in_words_with_its_figures():
    (ranked,) = rank(question(), [candidate(open_questions=1, answer_hours=30)], ON)
    with translation.override("en"):
        assert in_words(ranked) == (
            "your twin city at the place; the tie is in force; has 1 open question; answers within 30 hours"
        )


# --- properties ---
agreements = st.sampled_from(
    [STANDING, UNSURE, OVER, SUSPENDED, SOME_TIME, NOT_YET, Agreement(expires=parse("2020"))]
)
ties = st.lists(
    st.builds(tie, st.sampled_from([BURNABY, KUSHIRO, BEIJING]), agreements, active=st.booleans()), max_size=4
).map(tuple)
places = st.sampled_from([AT_ZHONGSHAN, AT_FOSHAN, AT_WUHAN, AT_BEIJING])
questions = st.builds(
    question, st.one_of(places, st.just(Place(country="CN")), st.just(Place())), ties=ties,
    language=st.sampled_from(["", "fr"]), family=st.sampled_from(["", "masks"]),
)  # fmt: skip
candidates = st.builds(
    candidate, st.just(0), places, ties,
    languages=st.sampled_from([frozenset(), frozenset({"fr"})]), families=st.sampled_from([frozenset(), frozenset({"masks"})]),
    open_questions=st.integers(0, 7), task_limit=st.integers(0, 6), answer_hours=st.none() | st.integers(0, 900),
    away_until=st.none() | st.just(ON), off=st.booleans(), checks_this_company=st.booleans(),
    mail_returned=st.booleans(), deputies=st.lists(st.integers(1, 6), max_size=3).map(tuple),
)  # fmt: skip
crowds = st.lists(candidates, max_size=6).map(
    lambda crowd: [replace(one, contact_id=number) for number, one in enumerate(crowd, start=1)]
)


@given(questions, crowds)
def test_nobody_with_only_ended_ties_to_the_asking_city_is_ever_ranked(asked, crowd):
    for ranked in rank(asked, crowd, ON):
        direct = [
            one.agreement
            for one in ranked.candidate.ties
            if one.city_id == BURNABY and begun(one.agreement, ON)
        ]
        assert not direct or any(holds(agreement, ON) for agreement in direct)
        assert ranked.path.standing not in ENDED
        assert ranked.reasons


@given(questions, crowds, st.data())
def test_adding_load_never_raises_a_rank(asked, crowd, data):
    ranked = order(asked, *crowd)
    if not ranked:
        return
    busy = data.draw(st.sampled_from(ranked))
    heavier = [
        replace(one, open_questions=one.open_questions + data.draw(st.integers(1, 5)))
        if one.contact_id == busy
        else one
        for one in crowd
    ]
    assert order(asked, *heavier).index(busy) >= ranked.index(busy)


@given(questions, crowds, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_who_came_first(asked, crowd, random):
    shuffled = list(crowd)
    random.shuffle(shuffled)
    ranked = order(asked, *crowd)
    assert order(asked, *shuffled) == ranked
    assert len(set(ranked)) == len(ranked)


@given(questions, crowds)
def test_everyone_with_room_stands_first_and_among_them_everyone_known_before_everyone_unsure(asked, crowd):
    told = [
        (one.candidate.mail_returned, one.candidate.full, one.path.standing is Standing.UNKNOWN)
        for one in rank(asked, crowd, ON)
    ]
    rooms = [(2 if back else int(full), unsure) for back, full, unsure in told]
    assert rooms == sorted(rooms)


def named_by(missing, crowd):
    """Everyone who was named as a deputy by somebody, by one of their deputies, and so on; also where they name each other."""
    known, found, left = {one.contact_id: one for one in crowd}, set(), list(missing.deputies)
    while left:
        number = left.pop()
        if number not in found:
            found.add(number)
            left += known[number].deputies if number in known else ()
    return found


@given(questions, crowds)
def test_who_steps_in_is_there_and_was_named_by_somebody_who_is_not(asked, crowd):
    ranked = rank(asked, crowd, ON)
    places = {one.candidate.contact_id: number for number, one in enumerate(ranked)}
    ways = {one.candidate.contact_id: one.path for one in ranked}
    for one in ranked:
        if one.stands_in_for is not None:
            assert not one.candidate.absent(ON)
            assert one.stands_in_for.absent(ON)
            assert one.candidate.contact_id in named_by(one.stands_in_for, crowd)
            if one.path.nearness <= ways[one.stands_in_for.contact_id].nearness:  # each by their own way
                assert places[one.candidate.contact_id] < places[one.stands_in_for.contact_id]
            assert "stands_in" in [reason.code for reason in one.reasons]


# --- room and deputies ---
def test_who_has_no_room_stands_behind_everyone_who_has_and_says_so():
    full = candidate(1, ties=(tie(BURNABY, active=True),), open_questions=5)
    unsure = candidate(2, AT_WUHAN, ties=(tie(BURNABY, UNSURE),), open_questions=4)
    returned = candidate(3, mail_returned=True)
    assert order(question(), returned, full, unsure) == [2, 1, 3]
    assert codes(question(), full)[-1] == "full"
    assert codes(question(), returned)[-1] == "mail_returned"
    assert [one.needs_a_word for one in rank(question(), [full, unsure], ON)] == [False, True]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ({"away_until": ON}, "stands in for Li Wei, who is away"),
        ({"open_questions": 5}, "stands in for Li Wei, who has as many open questions as they want"),
        ({"mail_returned": True}, "stands in for Li Wei, to whom mail comes back"),
    ],
)
def test_a_deputy_stands_where_the_absent_one_would_have_stood(why, words):
    asked = question(family="masks")
    missing = candidate(1, families=frozenset({"masks"}), deputies=(3, 4), name="Li Wei", **why)
    able = candidate(2, families=frozenset({"masks"}), open_questions=1)
    first, second = candidate(3), candidate(4, open_questions=2)
    ranked = rank(asked, [missing, able, first, second], ON)
    assert [one.candidate.contact_id for one in ranked][:2] == [3, 2]
    with translation.override("en"):
        assert words in in_words(ranked[0])
    here = replace(missing, away_until=None, open_questions=0, mail_returned=False)
    assert order(asked, here, able, first, second) == [1, 2, 3, 4]


def test_a_deputy_whose_own_way_is_longer_does_not_stand_in_front():
    missing = candidate(1, away_until=ON, deputies=(2,), name="Li Wei")
    nearby = candidate(2, AT_FOSHAN)
    ranked = rank(question(), [missing, nearby], ON)
    assert [(one.candidate.contact_id, one.stands_in_for) for one in ranked] == [(1, None), (2, missing)]


def test_a_deputy_who_is_not_there_either_or_has_no_standing_tie_does_not_step_in():
    missing = candidate(1, away_until=ON, deputies=(2, 3, 9))
    away = candidate(2, away_until=ON)
    over = candidate(3, ties=(tie(BURNABY, OVER),))
    ranked = rank(question(), [missing, away, over], ON)
    assert [(one.candidate.contact_id, one.stands_in_for) for one in ranked] == [(1, None), (2, None)]


def test_where_a_deputy_is_absent_too_their_own_deputy_steps_in():
    asked = question(family="masks")
    missing = candidate(1, families=frozenset({"masks"}), away_until=ON, deputies=(2,), name="Li Wei")
    also = candidate(2, open_questions=5, deputies=(1, 4), name="Wang Fang")  # who names Li Wei in turn
    able, last = candidate(3, families=frozenset({"masks"}), open_questions=1), candidate(4)
    ranked = rank(asked, [missing, also, able, last], ON)
    assert [one.candidate.contact_id for one in ranked] == [4, 3, 1, 2]
    assert ranked[0].stands_in_for == missing


def test_deputies_who_name_each_other_and_are_all_absent_hold_nothing_up():
    ring = [candidate(number, away_until=ON, deputies=(number % 3 + 1,)) for number in (1, 2, 3)]
    assert order(question(), *ring) == [1, 2, 3]
    assert order(question(), candidate(1, away_until=ON, deputies=(1,))) == [1]


def test_who_is_named_by_several_steps_in_at_the_best_place():
    asked = question(family="masks")
    plain = candidate(1, away_until=ON, deputies=(3,), name="Li")
    skilled = candidate(2, away_until=ON, deputies=(3,), name="Wang", families=frozenset({"masks"}))
    for crowd in ([plain, skilled], [skilled, plain]):
        ranked = rank(asked, [*crowd, candidate(3)], ON)
        assert ranked[0].stands_in_for == skilled


@given(questions, crowds)
def test_asked_one_after_the_other_nobody_comes_twice_and_nobody_without_room(asked, crowd):
    ranked, known = rank(asked, crowd, ON), []
    while (following := next_to_ask(ranked, known)) is not None:
        known.append(following.candidate.contact_id)
        assert not following.candidate.full
        assert not following.candidate.mail_returned
    assert len(known) == len(set(known)) <= len(crowd)
