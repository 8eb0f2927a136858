"""Actions on cities, agreements and exchanges: what they record and what they refuse."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import (
    AgreementEdit,
    add_agreement,
    correct_agreement,
    end_agreement,
    renew_agreement,
    resume_agreement,
    suspend_agreement,
)
from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus, agreement_status_on
from partners.cities.actions import CityEdit, add_city, correct_city
from partners.cities.models import City
from partners.exchanges.actions import ExchangeEdit, correct_exchange, record_delivery, record_exchange
from partners.exchanges.models import Exchange
from partners.memberships.models import Membership
from partners.partial_dates import PartialDate, parse_partial_date
from partners.permissions.permissions import ConfirmedPartners
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role


def code(refused):
    return refused.value.code


# --- cities ---
def test_city_is_added_once_with_a_journal_entry():
    burnaby = cities.city("burnaby")
    entry = history_of(burnaby).get()
    assert (entry.verb, entry.city_id, entry.after["name_en"]) == ("add", burnaby.pk, "Burnaby")
    with pytest.raises(Refused) as refused:
        add_city(slug="burnaby", by=CONSOLE_ACTOR, at=NOW)
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
def test_city_with_an_invalid_slug_code_or_position_is_refused_at_its_field(facts, why, field):
    with pytest.raises(Refused) as refused:
        add_city(**{"slug": "x", "name_en": "X", "country": "CA", **facts}, by=CONSOLE_ACTOR, at=NOW)
    assert (code(refused), refused.value.details["field"]) == (why, field)
    assert not City.objects.exists()


def test_correcting_one_coordinate_keeps_the_other():
    burnaby = cities.city("burnaby")
    correct_city(burnaby, CityEdit(latitude=49, longitude=-123), by=CONSOLE_ACTOR, at=NOW, reason="map")
    correct_city(burnaby, CityEdit(latitude=50), by=CONSOLE_ACTOR, at=NOW, reason="survey")
    burnaby.refresh_from_db()
    assert (burnaby.latitude, burnaby.longitude) == (50, -123)
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, CityEdit(longitude=None), by=CONSOLE_ACTOR, at=NOW, reason="gone")
    assert code(refused) == "half_a_position"


def test_country_and_province_codes_are_stored_in_capitals():
    place = add_city(
        slug="x", name_en="X", country="ca", subdivision="ca-qc", level="city", by=CONSOLE_ACTOR, at=NOW
    )
    assert (place.country, place.subdivision) == ("CA", "CA-QC")


def test_only_register_editors_can_add_and_correct_cities():
    burnaby = cities.city("burnaby")
    officer = cities.powers(Role.OFFICER, burnaby)
    with pytest.raises(Refused) as refused:
        add_city(slug="nowhere", by=officer, at=NOW)
    assert code(refused) == "not_allowed"
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, CityEdit(population=1), by=officer, at=NOW, reason="moved")
    assert code(refused) == "not_allowed"
    elsewhere = cities.powers(Role.ADMINISTRATOR, cities.city("markham"))
    with pytest.raises(Refused):
        correct_city(burnaby, CityEdit(population=1), by=elsewhere, at=NOW, reason="moved")


def test_corrected_city_keeps_old_values_and_the_reason_in_the_journal():
    burnaby = cities.city("burnaby")
    administrator = cities.powers(Role.ADMINISTRATOR, burnaby)
    correct_city(
        burnaby,
        CityEdit(name_zh="本那比", population=249125),
        by=administrator,
        at=NOW,
        reason="census of 2021",
    )
    entry = history_of(burnaby).first()
    assert entry is not None
    assert (entry.verb, entry.reason, entry.before["name_zh"]) == ("correct", "census of 2021", "本拿比")
    assert burnaby.population == 249125
    assert list(City.objects.search("本那比")) == [burnaby]


def test_correction_without_a_change_is_not_journalled_and_without_a_reason_is_refused():
    burnaby = cities.city("burnaby")
    correct_city(burnaby, CityEdit(name_en="Burnaby"), by=CONSOLE_ACTOR, at=NOW, reason="")
    assert history_of(burnaby).count() == 1
    with pytest.raises(Refused) as refused:
        correct_city(burnaby, CityEdit(name_en="Bby"), by=CONSOLE_ACTOR, at=NOW, reason=" ")
    assert code(refused) == "reason_missing"


# --- agreements ---
def test_agreement_may_be_recorded_by_either_city_or_the_network_only():
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    for kind, by in zip(
        TwinningAgreement.Kind.values,
        (
            cities.powers(Role.ADMINISTRATOR, burnaby),
            cities.powers(Role.ADMINISTRATOR, zhongshan),
            cities.powers(Role.COORDINATOR),
        ),
        strict=True,
    ):
        agreement = add_agreement(
            burnaby, zhongshan, kind=kind, by=by, at=NOW, signed=parse_partial_date("2011")
        )
        assert (agreement.status, agreement.signed, agreement.recorded_on) == (
            "recorded",
            parse_partial_date("2011"),
            date(2020, 4, 16),
        )
    outsider = cities.powers(Role.ADMINISTRATOR, cities.city("markham"))
    refused_ones: list[Actor] = [outsider, cities.powers(Role.OFFICER, burnaby), SYSTEM]
    for actor in refused_ones:
        with pytest.raises(Refused) as refused:
            add_agreement(burnaby, cities.city("wuhan"), kind="sister", by=actor, at=NOW)
        assert code(refused) == "not_allowed"


def test_provincial_coordinator_maintains_agreements_of_the_provinces_cities_only():
    markham, burnaby, zhongshan = (cities.city(key) for key in ("markham", "burnaby", "zhongshan"))
    coordinator = cities.powers(Role.COORDINATOR, cities.city("ontario"))
    assert add_agreement(markham, zhongshan, kind="sister", by=coordinator, at=NOW).pk
    with pytest.raises(Refused):
        add_agreement(burnaby, zhongshan, kind="sister", by=coordinator, at=NOW)


def test_agreement_of_a_city_with_itself_or_twice_of_one_kind_is_refused():
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    cities.twinning(burnaby, zhongshan)
    with pytest.raises(Refused) as refused:
        cities.twinning(burnaby, burnaby)
    assert code(refused) == "one_place"
    with pytest.raises(Refused) as refused:
        cities.twinning(zhongshan, burnaby)
    assert code(refused) == "already_twinned"
    same = TwinningAgreement(
        city_a=zhongshan,
        city_b=burnaby,
        kind="sister",
        status="recorded",
        recorded_on=NOW.date(),
        created_at=NOW,
    )
    with pytest.raises(IntegrityError, match="agreement_once_a_kind"), transaction.atomic():
        same.save()


def test_agreement_is_suspended_and_resumed():
    agreement = cities.twinning("burnaby", "zhongshan")
    suspend_agreement(
        agreement, by=CONSOLE_ACTOR, at=NOW, reason="council vote", on=parse_partial_date("2020-03")
    )
    assert (agreement.status, agreement.ended) == ("suspended", parse_partial_date("2020-03"))
    assert agreement_status_on(agreement, date(2020, 4, 16)) is AgreementStatus.SUSPENDED
    resume_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="council vote")
    assert (agreement.status, bool(agreement.ended)) == ("recorded", False)


def test_agreement_is_ended_with_its_reason_and_renewed():
    agreement = cities.twinning("burnaby", "zhongshan", expires="2019", certain=False)
    end_agreement(
        agreement,
        why="terminated",
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="council vote",
        on=parse_partial_date("2020-01-14"),
    )
    assert (agreement.status, agreement.ended_why, agreement.ended) == (
        "ended",
        "terminated",
        parse_partial_date("2020-01-14"),
    )
    assert not TwinningAgreement.objects.not_ended_or_suspended().exists()
    with pytest.raises(Refused) as refused:
        end_agreement(agreement, why="expired", by=CONSOLE_ACTOR, at=NOW, reason="again")
    assert code(refused) == "wrong_status"
    source = "https://burnaby.example/renewed"
    renew_agreement(
        agreement,
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="signed anew",
        expires=parse_partial_date("2030"),
        source_url=source,
    )
    assert (
        agreement.status, agreement.ended_why, bool(agreement.ended), agreement.expires, agreement.certain, agreement.source_url,
    ) == (
        "recorded", "", False, parse_partial_date("2030"), True, source,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "edits"), [(suspend_agreement, []), (correct_agreement, [AgreementEdit()])]
)
def test_suspending_and_correcting_an_agreement_require_a_reason(action, edits):
    with pytest.raises(Refused) as refused:
        action(cities.twinning("burnaby", "zhongshan"), *edits, by=CONSOLE_ACTOR, at=NOW, reason="")
    assert code(refused) == "reason_missing"


def test_corrected_agreement_keeps_both_dates_in_the_journal():
    agreement = cities.twinning("burnaby", "zhongshan")
    correct_agreement(
        agreement,
        AgreementEdit(signed=parse_partial_date("2011-05"), note="seen"),
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="the city's own page",
    )
    entry = history_of(agreement).first()
    assert entry is not None
    assert (entry.before["signed_on"], entry.after["note"]) == (None, "seen") or entry.before[
        "signed_precision"
    ] == "year"
    assert agreement.signed == parse_partial_date("2011-05")


def test_agreement_is_listed_under_both_its_cities():
    agreement = cities.twinning("burnaby", "zhongshan")
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    assert (agreement.partner_of(burnaby), agreement.partner_of(zhongshan)) == (zhongshan, burnaby)
    assert list(TwinningAgreement.objects.of_city(zhongshan)) == [agreement]
    assert str(agreement) == "Burnaby – Zhongshan"


# --- exchanges ---
def test_exchange_is_recorded_once_with_the_precision_of_its_date():
    letter = cities.exchange("zhongshan", "burnaby", "2020-02", items="request for help")
    assert letter.when == parse_partial_date("2020-02")
    assert letter.took_place
    with pytest.raises(Refused) as refused:
        cities.exchange("zhongshan", "burnaby", "2020-02", items="request for help")
    assert code(refused) == "already_recorded"
    assert cities.exchange("zhongshan", "burnaby", "2020-02", items="thanks").pk
    assert list(Exchange.objects.of_city(cities.city("burnaby")).order_by("pk")) == list(
        Exchange.objects.order_by("pk")
    )


def test_cancelled_visit_does_not_count_as_an_exchange():
    assert not cities.exchange("zhongshan", "burnaby", kind="visit_cancelled").took_place


def test_exchange_needs_two_cities_a_date_and_an_editor_of_one_of_them():
    burnaby, zhongshan = cities.city("burnaby"), cities.city("zhongshan")
    with pytest.raises(Refused) as refused:
        cities.exchange("burnaby", "burnaby")
    assert code(refused) == "one_place"
    with pytest.raises(Refused) as refused:
        cities.exchange("burnaby", "zhongshan", "")
    assert code(refused) == "day_missing"
    outsider = cities.powers(Role.ADMINISTRATOR, cities.city("markham"))
    with pytest.raises(Refused) as refused:
        record_exchange(
            from_city=burnaby,
            to_city=zhongshan,
            when=parse_partial_date("2020"),
            kind="letter",
            by=outsider,
            at=NOW,
        )
    assert code(refused) == "not_allowed"
    letter = cities.exchange("zhongshan", "burnaby")
    with pytest.raises(Refused) as refused:
        correct_exchange(letter, ExchangeEdit(note="x"), by=outsider, at=NOW, reason="mine")
    assert code(refused) == "not_allowed"
    correct_exchange(
        letter, ExchangeEdit(note="x", on=date(2020, 2, 4)), by=CONSOLE_ACTOR, at=NOW, reason="seen"
    )
    assert (letter.note, letter.when) == ("x", PartialDate(date(2020, 2, 4), "day"))


def test_delivery_of_a_shipment_is_recorded_once_per_product():
    officer = cities.powers(Role.OFFICER, cities.city("burnaby"))

    def deliver(items):
        return record_delivery(
            "SH-2020-0001", from_city=cities.city("zhongshan"), to_city=cities.city("burnaby"), on=date(2020, 4, 20),
            kind="ppe_donation", items=items, quantity=5000, by=officer, at=NOW,
        )  # fmt: skip

    masks, again, gowns = deliver("masks"), deliver("masks"), deliver("gowns")
    assert masks == again
    assert {masks.items, gowns.items} == {"masks", "gowns"}
    assert Exchange.objects.count() == 2
    assert str(masks) == "Zhongshan → Burnaby: Donation of protective equipment"


def test_reader_without_a_city_has_no_agreements_and_no_query_is_run(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert dict(ConfirmedPartners(frozenset())) == {}


def test_agreement_end_before_its_signing_date_is_refused():
    data = {"by": CONSOLE_ACTOR, "at": NOW, "reason": "The minutes."}
    agreement = cities.twinning("burnaby", "zhongshan", signed="2011-05")
    for act in (
        lambda: end_agreement(agreement, why="terminated", on=parse_partial_date("2011-04"), **data),
        lambda: suspend_agreement(agreement, on=parse_partial_date("2010"), **data),
        lambda: correct_agreement(agreement, AgreementEdit(expires=parse_partial_date("1999-12-31")), **data),
        lambda: cities.twinning("burnaby", "zhongshan", "other", signed="2011", expires="2010"),
    ):
        with pytest.raises(Refused, match="cannot be before the date of signature"):
            act()
    end_agreement(
        agreement, why="terminated", on=parse_partial_date("2011"), **data
    )  # maybe later in the year of signing
