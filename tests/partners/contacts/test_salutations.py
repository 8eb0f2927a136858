"""The salutation of a letter: the title where its language places it, and the name as it is stored."""

import pytest

from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.rules import default_name_order
from partners.contacts.salutations import salutation
from tests.worlds.cities import invited_contact


@pytest.mark.parametrize(
    ("name", "title", "language", "greeted"),
    [
        ("王伟", "主任", "zh-hans", "王伟主任"),
        ("王伟", "", "zh-hans", "王伟"),
        ("Wang Wei", "主任", "zh-hans", "Wang Wei 主任"),
        ("王伟", "Director", "zh-hans", "王伟 Director"),
        ("Marie Roy", "Mme", "fr-ca", "Mme Marie Roy"),
        ("Marie Roy", "directrice", "fr-ca", "Marie Roy, directrice"),
        ("Wang Wei", "Director of Foreign Affairs", "en", "Wang Wei, Director of Foreign Affairs"),
        ("Wang Wei", "Dr.", "en", "Dr. Wang Wei"),
        ("Kovács Anna", "Prof. Dr.", "en", "Prof. Dr. Kovács Anna"),
        ("  王伟 ", " 主任 ", "zh-hans", "王伟主任"),
        ("王伟", "主任", "en", "王伟"),
        ("김민준", "과장", "zh-hans", "김민준 과장"),
    ],
)
def test_title_is_placed_as_the_letters_language_requires(name, title, language, greeted):
    contact = Contact(title=title)
    contact.user = User(name=name)
    assert salutation(contact, language) == greeted


def addressed(language, name="陈晓岚", **facts):
    contact = Contact(
        **{key: value for key, value in facts.items() if not key.startswith(("name", "family"))}
    )
    contact.user = User(
        name=name, name_latin=facts.get("name_latin", "Chen Xiaolan"), family_name=facts.get("family", "Chen")
    )
    return salutation(contact, language)


@pytest.mark.parametrize(
    ("language", "facts", "greeted"),
    [
        ("en", {"form_of_address": "ms"}, "Ms Chen"),
        ("en", {"form_of_address": "mr", "title": "主任"}, "Mr Chen"),
        ("fr-ca", {"form_of_address": "ms"}, "Madame Chen"),
        ("fr-ca", {"form_of_address": "mr"}, "Monsieur Chen"),
        ("zh-hans", {"form_of_address": "ms"}, "陈晓岚女士"),
        ("zh-hans", {"form_of_address": "ms", "title": "主任"}, "陈晓岚主任"),
        ("zh-hans", {"form_of_address": "mr", "title": "Director"}, "陈晓岚先生"),
        ("zh-hans", {"title": "Director", "title_zh": "主任"}, "陈晓岚主任"),
        ("en", {"title": "主任", "title_en": "Director"}, "Chen Xiaolan, Director"),
        ("fr-ca", {"title": "主任", "title_en": "Director"}, "Chen Xiaolan"),
        ("fr-ca", {"title": "主任", "title_fr": "directrice"}, "Chen Xiaolan, directrice"),
        ("en", {"form_of_address": "ms", "family": ""}, "Ms Chen Xiaolan"),
        ("en", {"form_of_address": "ms", "name_latin": "", "family": ""}, "陈晓岚"),
        ("en", {"name": "Marie Roy", "name_latin": "", "family": "Roy", "form_of_address": "ms"}, "Ms Roy"),
    ],
)
def test_confirmed_name_is_addressed_as_in_its_language(language, facts, greeted):
    assert addressed(language, **facts) == greeted


@pytest.mark.parametrize(
    ("country", "order"),
    [("CN", "family_first"), ("TW", "family_first"), ("JP", "family_first"), ("KR", "family_first"),
     ("HU", "family_first"), ("CA", "given_first"), ("FR", "given_first"), ("", "given_first")],
)  # fmt: skip
def test_default_name_order_follows_the_country(country, order):
    assert default_name_order(country) == order


@pytest.mark.django_db
def test_name_order_of_a_contact_can_be_set_on_entry():
    assert invited_contact("zhongshan").name_order == "family_first"
    assert invited_contact("montreal").name_order == "given_first"
    assert invited_contact("zhongshan", "Zhao Min", name_order="given_first").name_order == "given_first"
