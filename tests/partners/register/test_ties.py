"""Cities, agreements and exchanges through their actions: what is recorded, and what is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import CONSOLE
from partners.actions import register, ties
from partners.actions.register import (
    add_city,
    correct_city,
    correct_exchange,
    correct_twinning,
    record_delivery,
    record_exchange,
)
from partners.actions.ties import end_twinning, resume_twinning
from partners.dates import Known, parse
from partners.models.cities import City
from partners.models.people import Membership
from partners.models.ties import Exchange, Twinning
from partners.register.standing import Standing, status_on
from partners.rules.held import Ties
from tests import world
from tests.world import NOW
from workflow.actors import CLOCK, Actor
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role


def code(refused):
    return refused.value.code


# --- cities ---
def test_a_place_is_added_once_with_an_entry():
    burnaby = world.city("burnaby")
    entry = history_of(burnaby).get()
    assert (entry.verb, entry.city_id, entry.after["name_en"]) == ("add", burnaby.pk, "Burnaby")
    with pytest.raises(Refused) as refused:
        add_city(slug="burnaby", by=CONSOLE, at=NOW)
    assert code(refused) == "slug_taken"


@pytest.mark.parametrize(
    ("facts", "why", "field"),
    [
        ({"slug": "a-québec-ca"}, "key_invalid", "slug"),
        ({"latitude": 91, "longitude": 0}, "off_the_globe", "latitude"),
        ({"latitude": 0, "longitude": -181}, "off_the_globe", "longitude"),
        ({"latitude": float("nan"), "longitude": 0}, "off_the_globe", "latitude"),
        ({"latitude": 49}, "half_a_position", "longitude"),
        ({"longitude": 49, "latitude": None}, "half_a_position", "latitude"),
    ],
)
def test_a_place_that_no_address_and_no_map_can_hold_is_refused(facts, why, field):
    with pytest.raises(Refused) as refused:
        add_city(**{"slug": "x", "name_en": "X", "country": "CA", **facts}, by=CONSOLE, at=NOW)
    assert (code(refused), refused.value.details["field"]) == (why, field)
    assert not City.objects.exists()


def test_a_correction_of_one_coordinate_keeps_the_other():
    burnaby = world.city("burnaby")
    correct_city(burnaby, by=CONSOLE, at=NOW, reason="map", latitude=49, longitude=-123)
    correct_city(burnaby, by=CONSOLE, at=NOW, reason="survey", latitude=50)
    burnaby.refresh_from_db()
    assert (burnaby.latitude, burnaby.longitude) == (50, -123)
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, by=CONSOLE, at=NOW, reason="gone", longitude=None)
    assert code(refused) == "half_a_position"


def test_codes_are_kept_in_capitals():
    place = add_city(
        slug="x", name_en="X", country="ca", subdivision="ca-qc", level="city", by=CONSOLE, at=NOW
    )
    assert (place.country, place.subdivision) == ("CA", "CA-QC")


def test_only_who_keeps_the_register_adds_and_corrects_places():
    burnaby = world.city("burnaby")
    officer = world.powers(Role.OFFICER, burnaby)
    with pytest.raises(Refused) as refused:
        add_city(slug="nowhere", by=officer, at=NOW)
    assert code(refused) == "not_allowed"
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, by=officer, at=NOW, reason="moved", population=1)
    assert code(refused) == "not_allowed"
    elsewhere = world.powers(Role.ADMINISTRATOR, world.city("markham"))
    with pytest.raises(Refused):
        correct_city(burnaby, by=elsewhere, at=NOW, reason="moved", population=1)


def test_a_correction_keeps_what_was_and_why():
    burnaby = world.city("burnaby")
    administrator = world.powers(Role.ADMINISTRATOR, burnaby)
    correct_city(
        burnaby, by=administrator, at=NOW, reason="census of 2021", name_zh="本那比", population=249125
    )
    entry = history_of(burnaby).first()
    assert entry is not None
    assert (entry.verb, entry.reason, entry.before["name_zh"]) == ("correct", "census of 2021", "本拿比")
    assert burnaby.population == 249125
    assert list(City.objects.search("本那比")) == [burnaby]


def test_a_correction_that_changes_nothing_leaves_no_entry_and_one_without_a_reason_is_refused():
    burnaby = world.city("burnaby")
    correct_city(burnaby, by=CONSOLE, at=NOW, reason="", name_en="Burnaby")
    assert history_of(burnaby).count() == 1
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, by=CONSOLE, at=NOW, reason=" ", name_en="Bby")
    assert code(refused) == "reason_missing"


# --- agreements ---
def test_either_side_and_the_network_may_record_an_agreement_and_nobody_else():
    burnaby, zhongshan = world.city("burnaby"), world.city("zhongshan")
    for kind, by in zip(
        Twinning.Kind.values,
        (
            world.powers(Role.ADMINISTRATOR, burnaby),
            world.powers(Role.ADMINISTRATOR, zhongshan),
            world.powers(Role.COORDINATOR),
        ),
        strict=True,
    ):
        tie = register.twin(burnaby, zhongshan, kind=kind, by=by, at=NOW, signed=parse("2011"))
        assert (tie.status, tie.signed, tie.recorded_on) == ("recorded", parse("2011"), date(2020, 4, 16))
    outsider = world.powers(Role.ADMINISTRATOR, world.city("markham"))
    refused_ones: list[Actor] = [outsider, world.powers(Role.OFFICER, burnaby), CLOCK]
    for actor in refused_ones:
        with pytest.raises(Refused) as refused:
            register.twin(burnaby, world.city("wuhan"), kind="sister", by=actor, at=NOW)
        assert code(refused) == "not_allowed"


def test_a_provinces_coordinator_keeps_the_register_of_its_cities():
    markham, burnaby, zhongshan = (world.city(key) for key in ("markham", "burnaby", "zhongshan"))
    coordinator = world.powers(Role.COORDINATOR, world.city("ontario"))
    assert register.twin(markham, zhongshan, kind="sister", by=coordinator, at=NOW).pk
    with pytest.raises(Refused):
        register.twin(burnaby, zhongshan, kind="sister", by=coordinator, at=NOW)


def test_a_place_has_no_agreement_with_itself_and_one_kind_stands_once_whichever_side_is_named_first():
    burnaby, zhongshan = world.city("burnaby"), world.city("zhongshan")
    world.twinning(burnaby, zhongshan)
    with pytest.raises(Refused) as refused:
        world.twinning(burnaby, burnaby)
    assert code(refused) == "one_place"
    with pytest.raises(Refused) as refused:
        world.twinning(zhongshan, burnaby)
    assert code(refused) == "already_twinned"
    same = Twinning(
        city_a=zhongshan,
        city_b=burnaby,
        kind="sister",
        status="recorded",
        recorded_on=NOW.date(),
        created_at=NOW,
    )
    with pytest.raises(IntegrityError, match="twinning_once_a_kind"), transaction.atomic():
        same.save()


def test_an_agreement_is_suspended_and_taken_up_again():
    tie = world.twinning("burnaby", "zhongshan")
    ties.suspend(tie, by=CONSOLE, at=NOW, reason="council vote", on=parse("2020-03"))
    assert (tie.status, tie.ended) == ("suspended", parse("2020-03"))
    assert status_on(tie, date(2020, 4, 16)) is Standing.SUSPENDED
    resume_twinning(tie, by=CONSOLE, at=NOW, reason="council vote")
    assert (tie.status, bool(tie.ended)) == ("recorded", False)


def test_an_agreement_is_ended_with_why_and_renewed():
    tie = world.twinning("burnaby", "zhongshan", expires="2019", certain=False)
    end_twinning(tie, why="terminated", by=CONSOLE, at=NOW, reason="council vote", on=parse("2020-01-14"))
    assert (tie.status, tie.ended_why, tie.ended) == ("ended", "terminated", parse("2020-01-14"))
    assert not Twinning.objects.standing().exists()
    with pytest.raises(Refused) as refused:
        end_twinning(tie, why="expired", by=CONSOLE, at=NOW, reason="again")
    assert code(refused) == "wrong_status"
    ties.renew(tie, by=CONSOLE, at=NOW, reason="signed anew", expires=parse("2030"), note="signed anew")
    assert (tie.status, tie.ended_why, bool(tie.ended), tie.expires, tie.certain, tie.note) == (
        "recorded", "", False, parse("2030"), True, "signed anew",
    )  # fmt: skip


@pytest.mark.parametrize("action", [ties.suspend, correct_twinning])
def test_suspending_and_correcting_need_a_reason(action):
    with pytest.raises(Refused) as refused:
        action(world.twinning("burnaby", "zhongshan"), by=CONSOLE, at=NOW, reason="")
    assert code(refused) == "reason_missing"


def test_a_correction_of_an_agreement_keeps_both_dates():
    tie = world.twinning("burnaby", "zhongshan")
    correct_twinning(
        tie, by=CONSOLE, at=NOW, reason="the city's own page", signed=parse("2011-05"), note="seen"
    )
    entry = history_of(tie).first()
    assert entry is not None
    assert (entry.before["signed_on"], entry.after["note"]) == (None, "seen") or entry.before[
        "signed_precision"
    ] == "year"
    assert tie.signed == parse("2011-05")


def test_an_agreement_knows_both_its_sides():
    tie = world.twinning("burnaby", "zhongshan")
    burnaby, zhongshan = world.city("burnaby"), world.city("zhongshan")
    assert (tie.partner_of(burnaby), tie.partner_of(zhongshan)) == (zhongshan, burnaby)
    assert list(Twinning.objects.of(zhongshan)) == [tie]
    assert str(tie) == "Burnaby – Zhongshan"


# --- exchanges ---
def test_an_exchange_is_recorded_once_with_its_day_as_exactly_as_it_is_known():
    letter = world.exchange("zhongshan", "burnaby", "2020-02", items="request for help")
    assert letter.when == parse("2020-02")
    assert letter.counts
    with pytest.raises(Refused) as refused:
        world.exchange("zhongshan", "burnaby", "2020-02", items="request for help")
    assert code(refused) == "already_recorded"
    assert world.exchange("zhongshan", "burnaby", "2020-02", items="thanks").pk
    assert list(Exchange.objects.of(world.city("burnaby")).order_by("pk")) == list(
        Exchange.objects.order_by("pk")
    )


def test_what_did_not_take_place_does_not_count():
    assert not world.exchange("zhongshan", "burnaby", kind="visit_cancelled").counts


def test_an_exchange_needs_two_places_a_day_and_somebody_who_keeps_the_register_of_one():
    burnaby, zhongshan = world.city("burnaby"), world.city("zhongshan")
    with pytest.raises(Refused) as refused:
        world.exchange("burnaby", "burnaby")
    assert code(refused) == "one_place"
    with pytest.raises(Refused) as refused:
        world.exchange("burnaby", "zhongshan", "")
    assert code(refused) == "day_missing"
    outsider = world.powers(Role.ADMINISTRATOR, world.city("markham"))
    with pytest.raises(Refused) as refused:
        record_exchange(
            from_city=burnaby, to_city=zhongshan, when=parse("2020"), kind="letter", by=outsider, at=NOW
        )
    assert code(refused) == "not_allowed"
    letter = world.exchange("zhongshan", "burnaby")
    with pytest.raises(Refused) as refused:
        correct_exchange(letter, by=outsider, at=NOW, reason="mine", note="x")
    assert code(refused) == "not_allowed"
    correct_exchange(letter, by=CONSOLE, at=NOW, reason="seen", note="x", on=date(2020, 2, 4))
    assert (letter.note, letter.when) == ("x", Known(date(2020, 2, 4), "day"))


def test_what_a_shipment_brought_is_recorded_once_an_item():
    officer = world.powers(Role.OFFICER, world.city("burnaby"))

    def deliver(items):
        return record_delivery(
            "SH-2020-0001", from_city=world.city("zhongshan"), to_city=world.city("burnaby"), on=date(2020, 4, 20),
            kind="ppe_donation", items=items, quantity=5000, by=officer, at=NOW,
        )  # fmt: skip

    masks, again, gowns = deliver("masks"), deliver("masks"), deliver("gowns")
    assert masks == again
    assert {masks.items, gowns.items} == {"masks", "gowns"}
    assert Exchange.objects.count() == 2
    assert str(masks) == "Zhongshan → Burnaby: Gift of protective equipment"


def test_who_holds_no_city_has_no_ties_and_asks_for_none(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert dict(Ties(frozenset())) == {}


def test_no_agreement_ends_before_it_was_signed_whichever_way_it_is_said():
    told = {"by": CONSOLE, "at": NOW, "reason": "The minutes."}
    tie = world.twinning("burnaby", "zhongshan", signed="2011-05")
    for act in (
        lambda: end_twinning(tie, why="terminated", on=parse("2011-04"), **told),
        lambda: ties.suspend(tie, on=parse("2010"), **told),
        lambda: correct_twinning(tie, expires=parse("1999-12-31"), **told),
        lambda: world.twinning("burnaby", "zhongshan", "other", signed="2011", expires="2010"),
    ):
        with pytest.raises(Refused, match="cannot end before"):
            act()
    end_twinning(tie, why="terminated", on=parse("2011"), **told)  # some day of the year it was signed in
