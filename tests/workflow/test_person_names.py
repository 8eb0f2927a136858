"""Names of people: the suggested Latin spelling (pinyin) of a Chinese name, and what readers of each script see."""

import pytest
from django.utils import translation

from workflow.person_names import name_in_both_scripts, person_name, recorded_name, suggest_reading


@pytest.mark.parametrize(
    ("name", "reading", "family"),
    [
        ("陈晓岚", "Chen Xiaolan", "Chen"),
        ("陈晓岚 DEMO", "Chen Xiaolan", "Chen"),
        ("李伟", "Li Wei", "Li"),
        ("欧阳明", "Ouyang Ming", "Ouyang"),
        ("欧阳", "Ou Yang", "Ou"),
        ("尉迟恭", "Yuchi Gong", "Yuchi"),
        ("曾国藩", "Zeng Guofan", "Zeng"),
        ("李西安", "Li Xi’an", "Li"),
        ("吕布", "Lü Bu", "Lü"),
        ("王", "Wang", "Wang"),
        ("Marie Roy", "", ""),
        ("", "", ""),
    ],
)
def test_suggested_latin_spelling_puts_the_family_name_first(name, reading, family):
    assert suggest_reading(name) == (reading, family)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Chen Xiaolan (陈晓岚)"), ("fr-ca", "Chen Xiaolan (陈晓岚)"), ("zh-hans", "陈晓岚")],
)
def test_reader_sees_a_persons_name_in_their_script(language, shown):
    with translation.override(language):
        assert person_name("陈晓岚", "Chen Xiaolan") == shown
        assert person_name("陈晓岚", "") == "陈晓岚"
        assert person_name("Marie Roy", "") == "Marie Roy"


def test_name_in_latin_letters_has_no_second_script():
    assert name_in_both_scripts("Li Wei", "Li Wei") == "Li Wei"
    assert name_in_both_scripts("李伟", "") == "李伟"


@pytest.mark.parametrize(
    ("label", "in_chinese"),
    [
        ("Chen Xiaolan (陈晓岚)", "陈晓岚"),
        ("Chen Xiaolan (陈晓岚 DEMO)", "陈晓岚 DEMO"),
        ("Marie Roy", "Marie Roy"),
        ("陈晓岚", "陈晓岚"),
        ("Marie Roy (Burnaby)", "Marie Roy (Burnaby)"),
        ("Station (陈晓岚) office", "Station (陈晓岚) office"),
    ],
)
def test_recorded_name_is_shown_in_the_readers_script(label, in_chinese):
    assert recorded_name(label) == label
    with translation.override("zh-hans"):
        assert recorded_name(label) == in_chinese
