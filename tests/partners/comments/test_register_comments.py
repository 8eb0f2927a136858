"""Comments and files on pages of the city register: shown only to the city that wrote them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import grant_role
from partners.memberships.models import Membership
from tests.procurement.api.program import Program
from tests.workflow.files import picture
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.comments_and_files.actions import add_comment, attach_file
from workflow.comments_and_files.models import Comment
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
Role = Membership.Role
CANARY = "kingfisher"


@pytest.fixture
def agreement(practice):
    cities.twinning("markham", "zhongshan")
    return cities.twinning("burnaby", "zhongshan")


@pytest.fixture
def officer(agreement):
    return cities.powers(Role.OFFICER, cities.city("burnaby"))


def photo(name=CANARY):
    return SimpleUploadedFile(f"{name}.jpg", picture(), "image/jpeg")


def seen_by(role, place, address):
    client = Client()
    client.force_login(cities.member(role, cities.city(place)))
    response = client.get(f"{address}?activity")
    assert response.status_code == 200
    return response.content.decode()


def test_comments_and_files_on_an_agreement_are_visible_to_the_writers_city_only(agreement, officer):
    said = add_comment(agreement, CANARY, by=officer, at=NOW, language="en")
    brought = attach_file(agreement, photo(), by=officer, at=NOW)
    assert {said.city_id, brought.city_id} == {cities.city("burnaby").pk}
    address = agreement.get_absolute_url()
    assert seen_by(Role.OBSERVER, "burnaby", address).count(CANARY) == 2
    for elsewhere in ("markham", "zhongshan"):
        page = seen_by(Role.OFFICER, elsewhere, address)
        assert CANARY not in page
        assert "added a comment" not in page  # not even the fact that a comment exists
    told = Program(cities.member(Role.VERIFIER, cities.city("burnaby")))
    other = Program(cities.member(Role.OFFICER, cities.city("zhongshan")))
    about = f"agreements/{agreement.pk}"
    for kind in ("comments", "files", "entries"):
        assert CANARY not in str(other.get(f"{kind}/?about={about}"))
    assert told.get(f"comments/?about={about}")["results"][0]["text"] == CANARY
    assert told.get(f"files/?about={about}")["results"][0]["name"] == f"{CANARY}.jpg"
    assert [entry["verb"] for entry in other.get(f"entries/?about={about}")["results"]] == ["add"]
    assert len(told.get(f"entries/?about={about}")["results"]) == 3


@pytest.mark.parametrize("of", ["city", "contact"])
def test_comments_on_a_city_or_contact_page_are_visible_to_its_own_city_only(agreement, of):
    zhongshan = cities.city("zhongshan")
    thing = zhongshan if of == "city" else cities.contact("zhongshan")
    add_comment(thing, CANARY, by=cities.powers(Role.OFFICER, zhongshan), at=NOW, language="en")
    assert CANARY in seen_by(Role.OBSERVER, "zhongshan", thing.get_absolute_url())
    assert CANARY not in seen_by(Role.OFFICER, "burnaby", thing.get_absolute_url())


@pytest.mark.parametrize("label", ["twinningagreement", "city"])
def test_comment_and_file_are_added_from_the_page_of_an_agreement_or_city(agreement, label):
    thing = agreement if label == "twinningagreement" else agreement.city_a
    client = Client()
    client.force_login(cities.member(Role.OFFICER, cities.city("burnaby")))
    address_of_page = f"{thing.get_absolute_url()}?activity"
    page = client.get(address_of_page).content.decode()
    for act, data in (("comment", {"text": CANARY}), ("file", {"file": photo()})):
        address = f"/things/{label}/{thing.pk}/{act}/"
        assert f'action="{address}"' in page
        answer = client.post(address, data)
        assert (answer.status_code, answer["Location"]) == (303, f"{address_of_page}#activity")
    assert client.get(address_of_page).content.decode().count(CANARY) == 2


def test_observer_gets_no_comment_form_and_a_post_gets_403(agreement):
    client = Client()
    client.force_login(cities.member(Role.OBSERVER, cities.city("burnaby")))
    assert "/things/" not in client.get(f"{agreement.get_absolute_url()}?activity").content.decode()
    assert client.post(f"/things/twinningagreement/{agreement.pk}/comment/", {"text": "x"}).status_code == 403
    assert client.post("/things/exchange/1/comment/", {"text": "x"}).status_code == 404  # has no page
    assert not Comment.objects.exists()


class TestMemberOfTwoCities:
    """A person who writes for two cities chooses one."""

    @pytest.fixture
    def both(self, agreement):
        user = cities.member(Role.OFFICER, cities.city("burnaby"))
        grant_role(user, role=Role.OFFICER, city=cities.city("markham"), by=CONSOLE_ACTOR, at=NOW)
        return user

    def test_comment_by_a_member_of_both_cities_asks_for_the_city_and_stays_there(self, agreement, both):
        client, address = Client(), f"/things/twinningagreement/{agreement.pk}/comment/"
        client.force_login(both)
        page = client.get(f"{agreement.get_absolute_url()}?activity")
        assert "Visible to staff of" in page.content.decode()
        for city in ("", str(cities.city("zhongshan").pk), "x"):
            answer = client.post(address, {"text": CANARY, "city": city})
            assert answer.status_code == 422
            assert "Choose the city for which you are adding this" in answer.content.decode()
        assert client.post(address, {"text": CANARY, "city": cities.city("markham").pk}).status_code == 303
        brought = client.post(
            f"/things/twinningagreement/{agreement.pk}/file/",
            {"file": photo(), "city": cities.city("markham").pk},
        )
        assert brought.status_code == 303
        assert seen_by(Role.OBSERVER, "markham", agreement.get_absolute_url()).count(CANARY) == 2
        assert CANARY not in seen_by(Role.OBSERVER, "burnaby", agreement.get_absolute_url())

    def test_api_comment_and_file_by_a_member_of_both_cities_require_the_city(self, agreement, both):
        program, told = Program(both), {"thing": f"agreements/{agreement.pk}", "text": CANARY}
        assert program.refused("comments/", told)["code"] == "city_missing"
        assert program.refused("comments/", {**told, "city": "zhongshan"})["code"] == "city_not_yours"
        program.post("comments/", {**told, "city": "markham"})
        assert Comment.objects.get().city_id == cities.city("markham").pk
        program.send("files/", thing=told["thing"], file=photo(), city="burnaby")
        assert File.objects.get().city_id == cities.city("burnaby").pk

    def test_comment_on_a_city_belongs_to_that_city(self, agreement, both):
        Program(both).post("comments/", {"thing": "cities/burnaby", "text": CANARY})
        assert Comment.objects.get().city_id == cities.city("burnaby").pk
        with pytest.raises(Refused):
            add_comment(
                cities.city("zhongshan"), "x", by=cities.powers(Role.OFFICER, cities.city("burnaby")), at=NOW, language="en"
            )  # fmt: skip


def test_history_of_an_agreement_shows_public_entries_but_not_private_comments(agreement, officer):
    add_comment(agreement, CANARY, by=officer, at=NOW, language="en")
    entry = Entry.objects.about(agreement).get(verb="comment")
    assert entry.city_id == cities.city("burnaby").pk
    page = seen_by(Role.OBSERVER, "markham", agreement.get_absolute_url())
    assert "recorded the agreement" in page
    assert "added a comment" in seen_by(Role.OBSERVER, "burnaby", agreement.get_absolute_url())
