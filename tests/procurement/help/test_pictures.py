"""Tests of the pictures of the guides: each exists in three languages, is small, and is described in words."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from lxml import html
from PIL import Image

from procurement.help.guides import CONTACT_GUIDE, GUIDES, guide_pictures
from procurement.help.pictures import LANGUAGE_BY_FILE_SUFFIX, PICTURE_FOLDER, picture_sizes
from tests.browser.help_pictures import MAX_FILE_BYTES, SHARPNESS
from tests.worlds.cities import NOW
from workflow.clock import clear_instance_cache, create_instance

ALL_TOGETHER = 3 * 1024 * 1024  # bytes
EACH = [(picture, language) for picture in guide_pictures() for language in LANGUAGE_BY_FILE_SUFFIX]


@pytest.fixture
def practice(db):
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


@pytest.mark.parametrize("role", GUIDES)
def test_every_role_guide_has_a_picture(role):
    assert any(step.picture for step in GUIDES[role])


@pytest.mark.parametrize(("picture", "language"), EACH, ids=lambda one: getattr(one, "name", one))
def test_every_help_picture_exists_in_each_language_within_its_size_limit(picture, language):
    with translation.override(LANGUAGE_BY_FILE_SUFFIX[language]):
        file = finders.find(picture.static_path)
        assert file, f"{picture.static_path} is missing: python -m tests.browser.help_pictures {picture.name}"
        with Image.open(file) as drawn:
            size = (drawn.width // SHARPNESS, drawn.height // SHARPNESS)
        assert size == (picture.size.width, picture.size.height)
    assert (PICTURE_FOLDER / f"{picture.name}.{language}.webp").stat().st_size <= MAX_FILE_BYTES


def test_no_help_picture_file_or_entry_is_unused():
    names = {(picture.name, language) for picture, language in EACH}
    assert {tuple(file.stem.split(".")) for file in PICTURE_FOLDER.iterdir()} == names
    assert set(picture_sizes()) == names
    assert sum(file.stat().st_size for file in PICTURE_FOLDER.iterdir()) <= ALL_TOGETHER


@pytest.mark.every_way
@pytest.mark.parametrize(("picture", "language"), EACH, ids=lambda one: getattr(one, "name", one))
def test_buttons_named_in_help_pictures_have_not_changed(picture, language):
    with translation.override(LANGUAGE_BY_FILE_SUFFIX[language]):
        today = tuple(str(words) for words in picture.button_labels)
        assert picture.size.button_labels == today, f"python -m tests.browser.help_pictures {picture.name}"


@pytest.mark.parametrize("language", LANGUAGE_BY_FILE_SUFFIX.values())
def test_help_guide_describes_its_pictures_in_words_and_reserves_their_space(practice, language):
    client = Client()
    client.cookies["language"] = language
    steps = {f"/help/roles/{role}/": steps for role, steps in GUIDES.items()} | {
        "/help/contact/": CONTACT_GUIDE
    }
    for path, guide in steps.items():
        page = html.fromstring(client.get(path).content.decode())
        with translation.override(language):
            captions = [step.picture.caption_text for step in guide if step.picture]
            pictures = [step.picture for step in guide if step.picture and step.picture.size]
            drawn = page.xpath("//ol[@class='guide']//img")
            assert [one.get("alt") for one in drawn] == [str(picture.alt) for picture in pictures]
            said = [one.text_content() for one in page.xpath("//ol[@class='guide']//figcaption")]
            assert said == captions
            for one, picture in zip(drawn, pictures, strict=True):
                assert one.get("src").endswith(".webp")
                assert (one.get("width"), one.get("loading")) == (str(picture.size.width), "lazy")
                assert all(str(words) in picture.caption_text for words in picture.button_labels)


def test_texts_beside_help_pictures_are_translated():
    for picture in guide_pictures():
        for words in (picture.alt, picture.caption):
            said = {
                language: translated_words(words, code) for language, code in LANGUAGE_BY_FILE_SUFFIX.items()
            }
            assert len(set(said.values())) == len(said), said


def translated_words(words, language):
    with translation.override(language):
        return str(words)
