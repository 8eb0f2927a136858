"""Tests of letter templates on pages and through the API: writing with a preview, versions, and letters to several."""

import pytest

from procurement.outreach.letter_templates.models import LetterTemplate
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db
BODY = "From the mayor: {need}"


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning(story.city, story.contact.city)
        story.need = story.line(8_000).supply_request
        assert story.stranger and story.observer
        yield story


def test_officer_previews_saves_changes_and_removes_a_letter_template(story):
    officer = Browser(story.officer.user)
    form = officer.open("/letter-templates/").follow("English")
    assert "{need}" in form.value("body")
    wrong = form.press("Save letter template", body="From the mayor")
    assert set(wrong.wrong) == {"body"}
    look = wrong.press("Preview", body=BODY, subject="Masks for {our_city}")
    assert "From the mayor: We need the following" in look
    assert "8,000" in look
    assert not LetterTemplate.objects.exists()
    saved = look.press("Save letter template")
    first = LetterTemplate.objects.get()
    assert (first.city, first.language, first.body) == (story.city, "en", BODY)
    saved.follow("Edit wording").press("Save letter template", body=f"{BODY} Thank you.")
    assert set(LetterTemplate.objects.values_list("status", flat=True)) == {"replaced", "active"}
    current = LetterTemplate.objects.get(status="active")
    officer.open(current).do("withdraw", current)
    current.refresh_from_db()
    assert current.status == "withdrawn"


def test_stale_form_of_a_letter_template_keeps_the_text_and_says_why(story):
    officer = Browser(story.officer.user)
    address = f"/letter-templates/{story.city.slug}/en/write/"
    stale = officer.open(address)
    officer.open(address).press("Save letter template", body=BODY)
    again = stale.press("Save letter template", body="My words {need}")
    assert "has changed since you opened it" in again
    assert again.value("body") == "My words {need}"
    assert LetterTemplate.objects.get().body == BODY


def test_letter_to_several_contacts_begins_with_the_citys_words(story):
    address = f"/letter-templates/{story.city.slug}/en/write/"
    Browser(story.officer.user).open(address).press("Save letter template", body=f"{{name}}, {BODY}")
    contacts = [cities.contact("zhongshan", name, language="en") for name in ("Wang Fang", "Zhao Min")]
    ticked = "&".join(f"contact={contact.pk}" for contact in contacts)
    page = Browser(story.officer.user).open(f"{story.need.get_absolute_url()}ask/write/?{ticked}")
    assert page.value("body_en").startswith("{name}, From the mayor: We need the following")


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("stranger", 403)])
def test_others_write_no_letter_template_of_the_city(story, who, status):
    page = Browser(getattr(story, who).user).open(f"/letter-templates/{story.city.slug}/en/write/")
    assert page.status == status


def test_api_saves_replaces_and_withdraws_letter_templates(story):
    program = Program(story.officer.user)
    body = {"city": story.city.slug, "language": "zh-hans", "subject": "求助", "body": BODY}
    refused = program.refused("letter-templates/", body | {"body": "{mayor}"})
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("unknown_field", "#/body")
    first = program.post("letter-templates/", body)["reference"]
    assert program.refused("letter-templates/", body)["code"] == "changed_meanwhile"
    second = program.post("letter-templates/", body | {"replaces": first})["reference"]
    found = program.get("letter-templates/?status=active&language=zh-hans")["results"]
    assert [row["reference"] for row in found] == [second]
    program.post(f"letter-templates/{second}/withdraw/")
    assert program.get("letter-templates/?status=active")["results"] == []
