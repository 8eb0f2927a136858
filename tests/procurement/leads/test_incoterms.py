"""Tests of the obligations that an offer's Incoterm puts on the city and the seller.

The page of the offer's price explains them. An offer without an Incoterm is explained as "not stated".
"""

from decimal import Decimal

import pytest
from django.utils import translation

from procurement.leads.rules.incoterms import incoterm_notes
from procurement.leads.rules.landed_cost import INCLUDED_COSTS
from procurement.leads.screening.labels import INCOTERM_NOTES
from tests.browsing import Browser
from tests.worlds.leads import submitted_offer

HERE = {"abroad": True, "imports": False, "by_air": False}


@pytest.mark.parametrize(
    ("term", "facts", "said"),
    [
        ("", {}, ["not_stated"]),
        ("XYZ", {}, ["not_known"]),
        ("fca", {}, ["FCA"]),
        ("FCA", {"by_air": True}, ["FCA"]),
        ("DAP", {}, ["DAP"]),
        ("CIF", {}, ["CIF"]),
        ("CIF", {"by_air": True}, ["CIF", "by_air"]),
        ("FOB", {"by_air": True}, ["FOB", "by_air"]),
        ("DDP", {}, ["DDP", "importer"]),
        ("DDP", {"imports": True}, ["DDP"]),
        ("DDP", {"abroad": False}, ["DDP"]),
    ],
)
def test_incoterm_notes_explain_the_term_and_name_conflicts(term, facts, said):
    assert incoterm_notes(term, **{**HERE, **facts}) == said


def test_every_incoterm_note_is_translated():
    assert set(INCLUDED_COSTS) - {""} <= set(INCOTERM_NOTES)
    for words in INCOTERM_NOTES.values():
        spoken = set()
        for language in ("en", "fr-ca", "zh-hans"):
            with translation.override(language):
                spoken.add(str(words))
        assert len(spoken) == len(("en", "fr", "zh"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "there", "not_there"),
    [
        ({}, "No Incoterm is stated", "Under this Incoterm, the buyer collects"),
        ({"incoterm": "EXW"}, "requires a registered exporter", "No Incoterm is stated"),
        ({"incoterm": "DDP"}, "under which registration it imports", "No Incoterm is stated"),
        ({"incoterm": "CIF", "air_days": 5}, "for goods sent by sea", "No Incoterm is stated"),
        (
            {"incoterm": "FCA", "air_days": 5},
            "hands them over to the city’s forwarder",
            "for goods sent by sea",
        ),
        ({"kind": "donation", "unit_price": None, "currency": ""}, "a donation", "No Incoterm is stated"),
    ],
)
def test_price_page_states_what_the_incoterm_requires(story, facts, there, not_there):
    story.practise()
    lead = submitted_offer(story, **{"unit_price": Decimal("0.50"), "currency": "USD", **facts})
    page = Browser(story.officer.user).open(f"{lead.get_absolute_url()}prices/").text
    assert there in page
    assert not_there not in page
