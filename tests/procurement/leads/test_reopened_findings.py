"""Tests that an answered finding opens again when its facts change.

The passing of a day is not a change; another company, file or place is.
"""

from dataclasses import replace
from datetime import date

import pytest

from procurement.leads.screening.screen_offer import screen_offer
from tests.procurement.leads.screening_cases import HONEST, paper

ON_THE_WAY = {"arrives_on": date(2020, 4, 25), "travel_days": 9, **paper(valid_until=date(2020, 4, 24))}
HUBEI = {"en": "Hubei", "fr": "Hubei", "zh": "湖北省"}


@pytest.mark.parametrize(
    ("code", "facts", "other", "same"),
    [
        (
            "certificate_ends_on_the_way",
            ON_THE_WAY,
            {"as_of": date(2020, 4, 17), "arrives_on": date(2020, 4, 26)},
            True,
        ),
        ("uscc_missing", {"registration_number": ""}, {"seller_reference": "SU-2020-0002"}, False),
        ("certificate_missing", {"certificates": []}, {"seller_reference": "SU-2020-0002"}, False),
        ("capacity_missing", {"stock": 0, "capacity": 0}, {"seller_reference": "SU-2020-0002"}, False),
        (
            "file_elsewhere",
            {"companies_with_same_files": ["SU-2020-0009"]},
            {"shared_file_hashes": ["5af3"]},
            False,
        ),
        (
            "certificate_province",
            paper(other_province=HUBEI),
            paper(other_province=HUBEI, manufacturer_place="CN-ZJ"),
            False,
        ),
    ],
)
def test_answered_finding_reopens_only_when_its_facts_change(code, facts, other, same):
    """The facts of a finding are compared. The passing of a day does not change them."""
    now, then = (screen_offer(replace(HONEST, **facts)), screen_offer(replace(HONEST, **{**facts, **other})))
    told = [next(one for one in found if one.code == code) for found in (now, then)]
    assert (told[0] == told[1]) == same
