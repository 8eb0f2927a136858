"""Tests of the table of codes: every known code of the standards, kept as received.

An unknown code is shown as unknown.
"""

import pytest
from django.utils.translation import override

from procurement.shipments.models import Step
from procurement.shipments.reference_tables import (
    CLEARED_CODE,
    country_of,
    known_codes,
    place_name,
    published_transit,
    time_zone_of,
)
from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import step_of_code

WAY = {"origin": "CNCAN", "destination": "CAVAN"}
DCSA = (
    "RECE DRFT PENA PENU REJE APPR ISSU SURR SUBM VOID CONF ARRI DEPA LOAD DISC GTIN GTOT STUF STRP PENC "
    "REQS CMPL HOLD RELS CANC "
    "PICK AVPU DROP AVDO INSP RSEA RMVD CUSS CUSI CUSR CROS"
)
IATA = "BKD FWB FOH RCS PRE MAN DEP ARR RCF TFD NFD AWD CCD CRC TGC DIS DLV DDL"
IFTSTA = "1 6 13 21 31 49 54 71"


def test_every_code_of_the_three_standards_is_in_the_table() -> None:
    known = {"dcsa": DCSA.split(), "iata": IATA.split(), "iftsta": IFTSTA.split()}
    assert set(known_codes()) == {(system, code) for system, all_of_it in known.items() for code in all_of_it}


def test_each_code_means_a_step_of_ours_or_none_and_has_a_name_in_three_languages() -> None:
    for code in known_codes().values():
        assert code.step in {"", CLEARED_CODE, *Step.values}
        assert bool(code.step) == bool(code.at)
        assert code.state in {"", "held", "discrepancy", "lost"}
        assert all(code.names[f"name_{language}"] for language in ("en", "fr", "zh"))


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Freight on hand"), ("fr-ca", "Fret pris en charge"), ("zh-hans", "货物已到货站")],
)
def test_a_code_without_a_step_is_shown_by_its_meaning(language: str, name: str) -> None:
    with override(language):
        assert TrackingEvent(code_system="iata", code="FOH").heading == name


@pytest.mark.parametrize(
    ("system", "code", "known"),
    [
        ("iata", "RCS", True),
        ("iata", " rcs ", True),
        ("iata", "QQQ", False),
        ("dcsa", "RCS", False),
        ("iftsta", "999", False),
        ("own", "picked_up", True),
        ("own", "other", True),
        ("own", "lunch", False),
    ],
)
def test_an_unknown_code_is_known_to_be_unknown(system: str, code: str, known: bool) -> None:
    event = TrackingEvent(code_system=system, code=code, step="")
    assert event.known is known
    if not known:
        assert event.heading == code
        assert step_of_code(system, code, place="", **WAY) == ""


@pytest.mark.parametrize(
    ("place", "step"),
    [
        ("CAN", "picked_up"),  # Guangzhou in the code of airlines, not Canada
        ("CNCAN", "picked_up"),
        ("YVR", ""),
        ("CNS", ""),  # Cairns, not China
        ("QQQ", ""),
        ("", "picked_up"),
    ],
)
def test_a_place_may_be_an_airports_three_letters(place: str, step: str) -> None:
    assert step_of_code("iata", "RCS", place=place, **WAY) == step


@pytest.mark.parametrize(
    ("system", "code", "trouble"),
    [
        ("iata", "TGC", "Held"),
        ("dcsa", "CUSI", "Held"),
        ("iata", "DIS", "Discrepancy"),
        ("iftsta", "49", "Lost"),
        ("iata", "RCS", ""),
        ("own", "x", ""),
    ],
)
def test_a_code_may_say_that_something_is_wrong_with_the_goods(system: str, code: str, trouble: str) -> None:
    assert str(TrackingEvent(code_system=system, code=code).problem_label) == trouble


def test_places_have_names_and_zones() -> None:
    with override("fr-ca"):
        assert (place_name("CAMTR"), place_name("YUL"), place_name("XXXXX")) == (
            "Montréal",
            "Montréal",
            "XXXXX",
        )
    assert (time_zone_of("CNSHA"), time_zone_of("XXXXX")) == ("Asia/Shanghai", "")
    assert (country_of("yvr"), country_of("CAVAN"), country_of("QQQ")) == ("CA", "CA", "")


@pytest.mark.parametrize(
    ("mode", "origin", "destination", "days"),
    [
        ("air", "CNPVG", "CAVAN", (3, 5, True)),
        ("sea", "CNSHA", "CAVAN", (15, 20, True)),
        ("sea", "CNNGB", "CAVAN", (23, 34, True)),
        ("rail", "CNCGO", "DEHAM", (15, 20, False)),
        ("courier", "JPTYO", "CATOR", (3, 7, False)),
    ],
)
def test_days_as_published_for_the_ports_else_the_countries_else_the_mode(
    mode: str, origin: str, destination: str, days: tuple[int, int, bool]
) -> None:
    known = published_transit(mode, origin, destination)
    assert known is not None
    assert (known.low, known.high, known.firm) == days
    assert bool(known.source_url) == known.firm


@pytest.mark.parametrize(
    ("mode", "origin", "destination"), [("air", "JPTYO", "CAVAN"), ("road", "CNSHA", "CAVAN")]
)
def test_no_one_published_every_way(mode: str, origin: str, destination: str) -> None:
    assert published_transit(mode, origin, destination) is None
