"""The form of address: the title where the language of the letter puts it, the name as it is stored."""

import pytest

from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.rules import default_name_order
from partners.contacts.salutations import salutation
from tests.world import invited_contact


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
def test_the_title_stands_where_the_letters_language_has_it(name, title, language, greeted):
    contact = Contact(title=title)
    contact.user = User(name=name)
    assert salutation(contact, language) == greeted


@pytest.mark.parametrize(
    ("country", "order"),
    [("CN", "family_first"), ("TW", "family_first"), ("JP", "family_first"), ("KR", "family_first"),
     ("HU", "family_first"), ("CA", "given_first"), ("FR", "given_first"), ("", "given_first")],
)  # fmt: skip
def test_the_order_of_a_name_is_first_that_of_the_country(country, order):
    assert default_name_order(country) == order


@pytest.mark.django_db
def test_whoever_enters_a_contact_may_say_otherwise():
    assert invited_contact("zhongshan").name_order == "family_first"
    assert invited_contact("montreal").name_order == "given_first"
    assert invited_contact("zhongshan", "Zhao Min", name_order="given_first").name_order == "given_first"
