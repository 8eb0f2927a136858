"""Tests of the comparison of documents: pieces, cartons, weight, values and names.

They use no database.
"""

import pytest

from procurement.documents.rules.consistency import (
    RECORD_REFERENCE,
    ComparedFigure,
    DocumentValues,
    inconsistencies,
)

WHOLE = {
    "pieces": {"1": 10_000, "2": 500},
    "cartons": {"1": 10, "2": 1},
    "values": {"1": "5000.00 USD"},
    "names": {"1": {"en": "Masks", "zh": "口罩"}},
    "gross_kg": "85",
}
NOW = DocumentValues(RECORD_REFERENCE, WHOLE)


def test_documents_with_equal_values_are_consistent():
    assert (
        inconsistencies(
            [DocumentValues("MP-1", WHOLE), DocumentValues("MP-2", {"pieces": {"1": 10_000}})], NOW
        )
        == []
    )
    assert inconsistencies([], NOW) == []
    assert inconsistencies([DocumentValues("MP-1", {})], NOW) == []


@pytest.mark.parametrize(
    ("said", "aspect", "line", "language"),
    [
        ({"pieces": {"1": 9_990}}, ComparedFigure.PIECES, "1", ""),
        ({"pieces": {"2": 501}}, ComparedFigure.PIECES, "2", ""),
        ({"cartons": {"1": 9}}, ComparedFigure.CARTONS, "1", ""),
        ({"values": {"1": "5000.00 CAD"}}, ComparedFigure.VALUE, "1", ""),
        ({"values": {"1": "4999.99 USD"}}, ComparedFigure.VALUE, "1", ""),
        ({"gross_kg": "85.5"}, ComparedFigure.WEIGHT, "", ""),
        ({"names": {"1": {"zh": "防护服"}}}, ComparedFigure.NAME, "1", "zh"),
    ],
)
def test_inconsistent_value_is_reported_with_its_sources(said, aspect, line, language):
    (found,) = inconsistencies([DocumentValues("MP-1", WHOLE), DocumentValues("MP-2", said)], NOW)
    assert (found.aspect, found.goods_line_key, found.name_language) == (aspect, line, language)
    assert [who for who, _value in found.values] == ["MP-1", "MP-2", RECORD_REFERENCE]


def test_document_is_not_compared_in_values_it_does_not_contain():
    assert (
        inconsistencies([DocumentValues("MP-1", {"pieces": {"3": 7}, "names": {"3": {"en": "Gowns"}}})], NOW)
        == []
    )


def test_two_differing_documents_are_reported_without_a_record_value():
    (found,) = inconsistencies(
        [DocumentValues("MP-1", {"gross_kg": "1"}), DocumentValues("MP-2", {"gross_kg": "2"})],
        DocumentValues(RECORD_REFERENCE, {}),
    )
    assert found.values == (("MP-1", "1"), ("MP-2", "2"))


def test_document_inconsistencies_are_ordered_pieces_value_weight_name():
    wrong = {"names": {"1": {"en": "Gowns"}}, "gross_kg": "1", "values": {"1": "1 USD"}, "pieces": {"1": 1}}
    found = inconsistencies([DocumentValues("MP-1", wrong)], NOW)
    assert [one.aspect for one in found] == [
        ComparedFigure.PIECES,
        ComparedFigure.VALUE,
        ComparedFigure.WEIGHT,
        ComparedFigure.NAME,
    ]
