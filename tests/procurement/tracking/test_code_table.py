"""Tests of the table of tracking codes: every code of the standards has a name and a milestone or none.

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

ROUTE = {"origin": "CNCAN", "destination": "CAVAN"}
DCSA = (
    "RECE DRFT PENA PENU REJE APPR ISSU SURR SUBM VOID CONF ARRI DEPA LOAD DISC GTIN GTOT STUF STRP PENC "
    "REQS CMPL HOLD RELS CANC "
    "PICK AVPU DROP AVDO INSP RSEA RMVD CUSS CUSI CUSR CROS"
)
IATA = "BKD FWB FOH RCS PRE MAN DEP ARR RCF TFD NFD AWD CCD CRC TGC DIS DLV DDL"
IFTSTA = "1 6 13 21 31 49 54 71"


def test_every_code_of_dcsa_iata_and_iftsta_is_in_the_table() -> None:
    known = {"dcsa": DCSA.split(), "iata": IATA.split(), "iftsta": IFTSTA.split()}
    assert set(known_codes()) == {(system, code) for system, all_of_it in known.items() for code in all_of_it}


def test_every_code_maps_to_a_milestone_or_none_and_is_named_in_three_languages() -> None:
    for code in known_codes().values():
        assert code.step in {"", CLEARED_CODE, *Step.values}
        assert bool(code.step) == bool(code.place_role)
        assert code.shipment_problem in {"", "held", "discrepancy", "lost"}
        assert all(code.names[f"name_{language}"] for language in ("en", "fr", "zh"))


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Freight on hand"), ("fr-ca", "Fret pris en charge"), ("zh-hans", "货物已到货站")],
)
def test_code_without_a_milestone_is_shown_by_its_name(language: str, name: str) -> None:
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
def test_unknown_code_is_marked_as_unknown(system: str, code: str, known: bool) -> None:
    event = TrackingEvent(code_system=system, code=code, step="")
    assert event.has_known_code is known
    if not known:
        assert event.heading == code
        assert step_of_code(system, code, place="", **ROUTE) == ""


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
def test_place_may_be_a_three_letter_airport_code(place: str, step: str) -> None:
    assert step_of_code("iata", "RCS", place=place, **ROUTE) == step


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
def test_tracking_code_can_indicate_problem_with_goods(system: str, code: str, trouble: str) -> None:
    assert str(TrackingEvent(code_system=system, code=code).problem_label) == trouble


def test_place_codes_have_names_time_zones_and_countries() -> None:
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
def test_published_transit_times_are_found_by_port_then_country_then_mode(
    mode: str, origin: str, destination: str, days: tuple[int, int, bool]
) -> None:
    known = published_transit(mode, origin, destination)
    assert known is not None
    assert (known.min_days, known.max_days, known.source_is_reliable) == days
    assert bool(known.source_url) == known.source_is_reliable


@pytest.mark.parametrize(
    ("mode", "origin", "destination"), [("air", "JPTYO", "CAVAN"), ("road", "CNSHA", "CAVAN")]
)
def test_route_without_published_transit_times_has_none(mode: str, origin: str, destination: str) -> None:
    assert published_transit(mode, origin, destination) is None
