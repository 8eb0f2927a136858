"""The places named in a file: found, or decided by a person, and each entered once."""

from decimal import Decimal

import pytest
from django.utils import translation

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.memberships.models import Membership
from partners.register_import.actions.imports import (
    DECIDE_LATER_ANSWER,
    LEAVE_OUT_ANSWER,
    USE_FILE_FACTS_ANSWER,
    answer_open_places,
    match_columns,
    set_place_answers,
    start_import,
)
from partners.register_import.models import ImportPlace
from partners.register_import.views.check_results import _remaining_row
from partners.register_import.views.places import _option_label
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    NANAIMO,
    apply_import,
    import_errors,
    import_lines,
    run_step,
)
from workflow.errors import Refused

pytestmark = pytest.mark.django_db


def test_doubtful_place_must_be_decided_before_the_import(coordinator_powers):
    batch = import_lines(
        coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Suzhou,CN,sister,", "Burnaby,CA,Atlantis,CA,sister,"
    )
    assert (batch.open_places, batch.added, batch.left_out) == (2, 0, 2)
    with pytest.raises(Refused, match="Confirm the places"):
        start_import(batch, by=coordinator_powers, at=NOW)
    suzhou, atlantis = batch.places.get(name="Suzhou"), batch.places.get(name="Atlantis")
    assert [one["slug"] for one in suzhou.options] == ["geonames:1886760", "geonames:1886762"]
    answers = {suzhou.pk: "geonames:1886762", atlantis.pk: LEAVE_OUT_ANSWER}
    batch = run_step(set_place_answers(batch, answers, by=coordinator_powers, at=NOW))
    assert (batch.status, batch.added, batch.left_out) == ("validated", 1, 1)
    batch = apply_import(batch, coordinator_powers)
    assert (batch.status, batch.added, batch.left_out) == ("imported", 1, 1)
    assert City.objects.get(slug="suzhou-cn").geonames_id == 1886762


def test_place_decisions_are_kept_when_the_file_is_checked_again(coordinator_powers):
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Atlantis,CA,sister,")
    run_step(answer_open_places(batch, USE_FILE_FACTS_ANSWER, by=coordinator_powers, at=NOW))
    match_columns(batch, batch.columns, by=coordinator_powers, at=NOW)
    assert run_step(batch).open_places == 0
    assert batch.added == 1
    with pytest.raises(Refused, match="Choose the place"):
        set_place_answers(
            batch, {batch.places.get(name="Atlantis").pk: "moon"}, by=coordinator_powers, at=NOW
        )


def test_place_declared_new_is_added_beside_one_of_the_same_name(coordinator_powers):
    cities.city("moon-ca", name_en="Moon", latitude=Decimal(49), longitude=Decimal(-120))
    header = "City A,Country A,City B,Country B,Kind,lat B,lng B"
    batch = import_lines(coordinator_powers, header, "Burnaby,CA,Moon,CA,sister,50,-90")
    assert batch.open_places == 1
    run_step(
        set_place_answers(
            batch, {batch.places.get(name="Moon").pk: USE_FILE_FACTS_ANSWER}, by=coordinator_powers, at=NOW
        )
    )
    apply_import(batch, coordinator_powers)
    assert City.objects.filter(name_en="Moon").count() == 2


def test_place_decision_can_be_withdrawn(coordinator_powers):
    batch = import_lines(
        coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Suzhou,CN,sister,", "Burnaby,CA,Atlantis,CA,sister,"
    )
    suzhou = batch.places.get(name="Suzhou")
    set_place_answers(batch, {suzhou.pk: LEAVE_OUT_ANSWER}, by=coordinator_powers, at=NOW)
    assert batch.open_places == 1
    set_place_answers(batch, {suzhou.pk: DECIDE_LATER_ANSWER}, by=coordinator_powers, at=NOW)
    suzhou.refresh_from_db()
    assert (batch.open_places, suzhou.answered, suzhou.verdict) == (2, False, ImportPlace.Verdict.DOUBTFUL)


def test_agreement_of_two_other_cities_is_refused_at_its_row(coordinator_powers):
    cities.city("markham")
    member = cities.powers(Membership.Role.ADMINISTRATOR, cities.city("burnaby"))
    lines = ["Burnaby,CA,Zhongshan,CN,sister,2011", "Markham,CA,Zhongshan,CN,sister,2012"]
    assert import_errors(import_lines(member, AGREEMENT_ROWS, *lines)) == [(3, "")]


def test_place_known_by_another_name_is_recognized_by_its_geonames_id(coordinator_powers):
    lines = ["Burnaby,CA,Nanaimo,CA,sister,2012", "Zhongshan,CN,Nanaimo,Canada,sister,2012"]
    batch = import_lines(
        coordinator_powers,
        "City A,Country A,City B,Country B,Kind,Signed,lat B,lng B",
        *(f"{line},," for line in lines),
    )
    assert batch.places.filter(name="Nanaimo").count() == 1
    cities.city("harbour-city", name_en="Harbour City", geonames_id=NANAIMO.geonames_id)
    apply_import(batch, coordinator_powers)
    assert set(TwinningAgreement.objects.values_list("city_b__slug", flat=True)) == {"harbour-city"}


def test_two_spellings_of_one_geonames_place_are_added_once(coordinator_powers):
    header = "City A,Country A,City B,Country B,Kind,lat B,lng B"
    lines = ["Burnaby,CA,Nanaimo,CA,sister,,", "Zhongshan,CN,Nanaimo,CA,sister,49.17,-123.94"]
    batch = apply_import(import_lines(coordinator_powers, header, *lines), coordinator_powers)
    assert (batch.status, City.objects.filter(name_en="Nanaimo").count()) == ("imported", 1)


def test_city_of_the_register_is_chosen_for_an_ambiguous_name(coordinator_powers):
    for number in (1, 2):
        cities.city(f"moon-{number}", name_en="Moon")
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Moon,CA,sister,")
    run_step(
        set_place_answers(batch, {batch.places.get(name="Moon").pk: "moon-2"}, by=coordinator_powers, at=NOW)
    )
    apply_import(batch, coordinator_powers)
    assert TwinningAgreement.objects.get().city_b.slug == "moon-2"
    assert (str(batch.places.get(name="Moon")), str(batch.data)) == ("Moon", "list.csv")


def test_ambiguous_name_with_many_candidates_is_never_chosen_automatically(coordinator_powers):
    for number in range(9):
        cities.city(f"moon-{number}", name_en="Moon")
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Moon,CA,sister,")
    run_step(
        set_place_answers(
            batch, {batch.places.get(name="Moon").pk: USE_FILE_FACTS_ANSWER}, by=coordinator_powers, at=NOW
        )
    )
    assert apply_import(batch, coordinator_powers).status == "imported"
    assert TwinningAgreement.objects.get().city_b.slug == "moon-ca"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"population": 0, "latitude": None, "facts": {}}, "Suzhou · China"),
        ({"population": 5_000, "latitude": None, "facts": {}}, "Suzhou · China · 5,000 people"),
        (
            {"population": 0, "latitude": 31.3, "longitude": 120.6, "facts": {"x": 1}},
            "Suzhou · China · 31.30, 120.60 (new, from GeoNames)",
        ),
    ],
)
def test_place_candidate_is_described_with_its_known_facts(known, told):
    assert _option_label({"name": "Suzhou", "country": "CN", **known}) == told


def test_reason_why_an_entry_is_kept_is_shown_in_the_readers_language():
    why = {"en": "It is used.", "fr": "Il sert.", "zh": "在用。"}
    name = {"en": "Burnaby", "fr": "Burnaby", "zh": "本拿比"}
    url = "/cities/burnaby-ca/"
    for language, code in (("en", "en"), ("fr-ca", "fr"), ("zh-hans", "zh")):
        with translation.override(language):
            row = _remaining_row({"url": url, "name": name, "why": why})
        assert row == {"url": url, "name": name[code], "why": why[code]}
