"""Product families that a text names: every product by its names, the goods of the shipped register, and look-alikes."""

import csv

import pytest

from partners.register_import.shipped_register import DATA_DIRECTORY
from procurement.catalogue.reference_data import DATA_FOLDER
from procurement.catalogue.rules.families import families_named_in


def products():
    with (DATA_FOLDER / "products.csv").open(encoding="utf-8", newline="") as source:
        return [
            (row["family"], row[f"name_{one}"])
            for row in csv.DictReader(source)
            for one in ("en", "fr", "zh")
        ]


@pytest.mark.parametrize(("family", "name"), products())
def test_each_product_name_names_its_family_alone(family, name):
    assert families_named_in(name) == ({family} - {"other"})


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("50,000 masks", "mask"),
        ("N95 masks and surgical masks", "mask respirator"),
        ("masks (KN95)", "respirator"),
        ("respirator masks", "respirator"),
        ("protective gowns, goggles, face shields and other supplies", "eye_face gown"),
        ("protective clothing and goggles", "coverall eye_face"),
        ("protective outfits", "coverall"),
        ("masques N95, gants", "glove respirator"),
        ("N95口罩和防护服", "coverall respirator"),
        ("口罩、护目镜", "eye_face mask"),
        ("口罩（KN95）2000只", "respirator"),
        ("Swabs and test kits", "test"),
        ("PPE; procurement assistance", ""),
        ("bronze statues for Taiji Park", ""),
        ("the latest testimony, unmasked by elegance", ""),
        ("", ""),
    ],
)
def test_goods_in_a_sentence_are_named_by_family(text, families):
    assert families_named_in(text) == set(families.split())


def test_nearly_every_donation_of_the_shipped_register_names_a_family():
    with (DATA_DIRECTORY / "exchanges.csv").open(encoding="utf-8", newline="") as source:
        given = [row["items"] for row in csv.DictReader(source) if row["kind"] == "ppe_donation"]
    unnamed = {items for items in given if not families_named_in(items)}
    assert len(given) > 70
    assert unnamed == {"PPE", "PPE; procurement assistance", "items of PPE"}
