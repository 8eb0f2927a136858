"""Tests of which standards satisfy a need line, on the reference data delivered with the product.

They also test which equivalence row applies: one for the market precedes one for any market.
"""

from datetime import date

import pytest
from django.utils.translation import override

from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.rules.standards import StandardMatch, Verdict, match_any_standard, match_standard
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.catalogue.catalogue_in_memory import make_standard

APRIL = date(2020, 4, 16)
LATER = date(2026, 11, 25)


def match_standards(
    asked: str, offered: str, market: str = "CA", use: str = "medical", on: date | None = APRIL
) -> StandardMatch:
    return match_standard(
        make_standard(asked),
        make_standard(offered),
        market=market,
        use=use,
        rows=catalogue_in_memory.acceptances(),
        on=on,
    )


@pytest.mark.parametrize(
    ("asked", "offered", "market", "verdict"),
    [
        ("ASTM-F2100-L2", "ASTM-F2100-L2", "CA", "equal"),
        ("ASTM-F2100-L1", "ASTM-F2100-L3", "US", "better"),
        ("ASTM-F2100-L3", "ASTM-F2100-L2", "US", "no"),
        ("ASTM-F2100-L1", "YY0469-2011", "CA", "neighbour"),
        ("ASTM-F2100-L2", "YY0469-2011", "CA", "no"),
        ("ASTM-F2100-L3", "YY0469-2011", "CA", "no"),
        ("ASTM-F2100-L2", "YY0469-2023", "CA", "no"),
        ("ASTM-F2100-L1", "YYT0969-2013", "CA", "no"),
        ("ASTM-F2100-L2", "YYT0969-2013", "CA", "no"),
        ("ASTM-F2100-L3", "YYT0969-2023", "US", "no"),
        ("EN14683-IIR", "YYT0969-2013", "EU", "no"),
        ("YY0469-2011", "YYT0969-2013", "CN", "no"),
        ("YYT0969-2013", "YY0469-2011", "CN", "better"),
        ("EN14683-IIR", "YY0469-2011", "EU", "neighbour"),
        ("EN14683-I", "YYT0969-2013", "EU", "neighbour"),
        ("ASTM-F2100-L2", "EN14683-IIR", "CA", "neighbour"),
        ("ASTM-F2100-L3", "EN14683-IIR", "CA", "no"),
        ("EN14683-II", "EN14683-IIR", "EU", "better"),
        ("EN14683-IIR", "EN14683-II", "EU", "no"),
        ("NIOSH-N95", "GB2626-2006-KN95", "CA", "neighbour"),
        ("NIOSH-N95", "GB2626-2019-KN95", "JP", "neighbour"),
        ("NIOSH-N95", "EN149-FFP2", "CA", "neighbour"),
        ("NIOSH-N95", "MFDS-KF94", "CA", "neighbour"),
        ("EN149-FFP2", "NIOSH-N95", "EU", "neighbour"),
        ("EN149-FFP2", "GB2626-2019-KN95", "EU", "neighbour"),
        ("MFDS-KF94", "EN149-FFP2", "KR", "neighbour"),
        ("GB2626-2019-KN95", "MFDS-KF94", "CN", "neighbour"),
        ("EN149-FFP2", "EN149-FFP3", "EU", "better"),
        ("EN149-FFP3", "EN149-FFP2", "EU", "no"),
        ("NIOSH-N95", "NIOSH-N95-SURGICAL", "US", "better"),
        ("NIOSH-N95-SURGICAL", "NIOSH-N95", "US", "no"),
        ("NIOSH-N95-SURGICAL", "GB2626-2019-KN95", "CA", "no"),
        ("NIOSH-N95-SURGICAL", "GB19083-G1", "CA", "neighbour"),
        ("NIOSH-N95", "CSA-Z94.4.1-CAN95", "CA", "equal"),
        ("NIOSH-N95", "CSA-Z94.4.1-CAN95", "US", "neighbour"),
        ("GB19083-G1", "GB2626-2019-KN95", "CN", "no"),
        ("NIOSH-N95", "YY0469-2011", "CA", "no"),
        ("NIOSH-N95", "GBT32610-2016", "CA", "no"),
        ("ASTM-F2100-L2", "GB2626-2006-KN95", "CA", "no"),
        ("AAMI-PB70-L2", "AAMI-PB70-L3", "US", "better"),
        ("AAMI-PB70-L3", "AAMI-PB70-L2", "CA", "no"),
        ("ASTM-D6319", "EN455", "CA", "equal"),
        ("ASTM-D6319", "EN455", "US", "neighbour"),
        ("ASTM-D3577", "ASTM-D6319", "US", "no"),
        ("GB19082-2009", "GB19082-2023", "CN", "neighbour"),
        ("EN166", "EN14126", "EU", "unknown"),
    ],
)
def test_offered_standard_is_matched_against_the_requested_one(asked, offered, market, verdict):
    found = match_standards(asked, offered, market)
    assert found.verdict == verdict
    assert str(found.reason)


NEIGHBOURS = ["NIOSH-N95", "GB2626-2006-KN95", "GB2626-2019-KN95", "EN149-FFP2", "MFDS-KF94"]


@pytest.mark.parametrize("market", ["CA", "EU", "CN", "JP", "KR"])
@pytest.mark.parametrize("asked", NEIGHBOURS)
@pytest.mark.parametrize("offered", NEIGHBOURS)
def test_respirator_standards_of_different_countries_are_comparable_but_never_equal(asked, offered, market):
    if asked.split("-")[0] == offered.split("-")[0]:
        return
    found = match_standards(asked, offered, market)
    assert found.verdict == "neighbour"
    assert str(found.evidence)
    assert not found.is_blocking


def test_reliable_mismatch_of_standards_blocks_with_its_sources():
    found = match_standards("ASTM-F2100-L2", "YYT0969-2013")
    assert found.is_blocking
    assert found.source_confidence is not None
    assert found.source_confidence.sources


def test_mismatch_of_standards_from_memory_only_warns():
    found = match_standards("ASTM-F2100-L1", "MFDS-KFAD")
    assert (found.verdict, found.is_blocking) == ("no", False)


def test_comparable_or_equal_standard_never_blocks():
    assert not match_standards("NIOSH-N95", "EN149-FFP2").is_blocking
    assert not match_standards("NIOSH-N95", "NIOSH-N95").is_blocking
    assert not match_standards("EN166", "EN14126").is_blocking


def test_us_emergency_authorization_for_kn95_ends_on_30_june_2021():
    before = match_standards("NIOSH-N95", "GB2626-2019-KN95", "US", on=date(2021, 6, 30))
    after = match_standards("NIOSH-N95", "GB2626-2019-KN95", "US", on=date(2021, 7, 1))
    elsewhere = match_standards("NIOSH-N95", "GB2626-2019-KN95", "US", use="non_medical", on=date(2021, 7, 1))
    assert (before.verdict, after.verdict, elsewhere.verdict) == ("neighbour", "no", "neighbour")
    assert after.is_blocking


def test_older_kn95_edition_does_not_match_after_its_end():
    assert match_standards("GB2626-2019-KN95", "GB2626-2006-KN95", on=APRIL).verdict == "neighbour"
    assert match_standards("GB2626-2019-KN95", "GB2626-2006-KN95", on=LATER).verdict == "no"


def test_ended_standard_does_not_match_without_a_date():
    assert match_standards("GB2626-2019-KN95", "GB2626-2006-KN95", on=None).verdict == "no"


def test_offer_without_a_standard_has_an_unknown_match():
    found = match_standard(make_standard("NIOSH-N95"), None, market="CA", use="medical", rows=())
    assert found.verdict == Verdict.UNKNOWN


def test_other_edition_of_a_standard_is_comparable_with_evidence():
    old = Standard(pk=1, code="X-1", designation="X", edition="1", level="A")
    new = Standard(pk=2, code="X-2", designation="X", edition="2", level="A")
    found = match_standard(old, new, market="CA", use="medical", rows=())
    assert found.verdict == Verdict.COMPARABLE
    assert found.evidence


def test_best_match_of_several_accepted_standards_counts():
    asked = [make_standard(code) for code in ("ASTM-F2100-L3", "EN14683-IIR", "ASTM-F2100-L1")]
    found = match_any_standard(
        asked,
        make_standard("ASTM-F2100-L2"),
        market="CA",
        use="medical",
        rows=catalogue_in_memory.acceptances(),
        on=APRIL,
    )
    assert found.verdict == Verdict.BETTER


def test_unrecognized_standard_among_accepted_ones_gives_match_unknown():
    asked = [make_standard("ASTM-F2100-L3"), make_standard("EN166")]
    offered = make_standard("YYT0969-2013")
    found = match_any_standard(
        asked, offered, market="CA", use="medical", rows=catalogue_in_memory.acceptances()
    )
    assert found.verdict == Verdict.UNKNOWN


def test_line_without_a_standard_accepts_any():
    found = match_any_standard([], make_standard("EN166"), market="CA", use="medical", rows=())
    assert found.verdict == Verdict.EQUAL


def test_standard_mismatch_is_explained_in_the_readers_language():
    found = match_standards("ASTM-F2100-L2", "YYT0969-2013")
    with override("fr-ca"):
        assert "résistance aux liquides" in str(found.reason)
    with override("zh-hans"):
        assert "抗液体渗透" in str(found.reason)


def test_standard_acceptance_for_one_market_precedes_acceptance_for_any_market():
    rows = [
        row
        for row in catalogue_in_memory.acceptances()
        if row.asked.code == "ASTM-D6319" and row.offered.code == "EN455"
    ]
    assert {row.market for row in rows} == {"", "CA"}
    for order in (rows, rows[::-1]):
        found = match_standard(
            make_standard("ASTM-D6319"), make_standard("EN455"), market="CA", use="medical", rows=order
        )
        assert found.verdict == Verdict.EQUAL


def test_every_comparable_standard_names_the_evidence_needed():
    for row in catalogue_in_memory.acceptances():
        if row.verdict == StandardEquivalence.Verdict.COMPARABLE:
            assert row.ground.evidence_en
            assert row.ground.evidence_fr
            assert row.ground.evidence_zh


def test_no_two_standards_are_equal_in_both_directions_in_every_market():
    equal = {
        (row.asked.code, row.offered.code)
        for row in catalogue_in_memory.acceptances()
        if row.verdict == "equal" and not row.market
    }
    assert not {pair for pair in equal if pair[::-1] in equal}
