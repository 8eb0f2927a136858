"""Tests of letter templates: who maintains them, which texts are refused, and which letters they word."""

import pytest

from procurement.outreach.letter_templates.actions import save_letter_template, withdraw_letter_template
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.letters import compose_common_letter, default_letter, fill_letter
from procurement.outreach.queries.letters import compose_letters
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused

pytestmark = pytest.mark.django_db
BODY = "Greetings from the mayor, {name}.\n\n{tie} {need}\n\n{our_city}\n\n{signature}"


def template(story: Story, **facts) -> LetterTemplate:
    given = {
        "language": "en",
        "subject": "{our_city} asks {city}",
        "body": BODY,
        "by": story.officer.by,
        **facts,
    }
    return save_letter_template(given.pop("city", story.city), **given, at=AT)


@pytest.mark.parametrize("who", ["approver", "verifier", "logistics", "observer", "stranger"])
def test_only_officers_of_the_city_maintain_letter_templates(story: Story, who: str) -> None:
    by = getattr(story, who).by
    with assert_refused("not_allowed"):
        template(story, by=by)
    saved = template(story)
    with assert_refused("not_allowed", saved):
        withdraw_letter_template(saved, by=by, at=AT)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"subject": "  "}, "text_missing", "subject"),
        ({"body": " "}, "text_missing", "body"),
        ({"body": "{need} {mayor}"}, "unknown_field", "body"),
        ({"subject": "{price}"}, "unknown_field", "subject"),
        ({"body": "We need masks."}, "need_missing", "body"),
        ({"subject": "{need}", "body": "Help"}, "need_missing", "body"),
    ],
)
def test_template_with_unknown_fields_or_without_the_need_is_refused_at_its_field(
    story: Story, facts: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        template(story, **facts)
    assert (caught.value.code, caught.value.details["field"]) == (code, field)
    assert not LetterTemplate.objects.exists()


def test_letter_in_the_citys_words_says_all_that_the_need_says(story: Story) -> None:
    need = story.line(8_000).supply_request
    need.notes = "Cartons by hand truck only."
    need.save(update_fields=["notes"])
    story.contact.user.language = "en"
    usual, _own = compose_letters(need, story.contact, story.officer.user, story.city.day_at(AT))
    template(story)
    letter, _own = compose_letters(need, story.contact, story.officer.user, story.city.day_at(AT))
    assert letter.subject == f"{story.city.name_en} asks {story.contact.city.name_en}"
    assert letter.body.startswith("Greetings from the mayor, ")
    assert "{" not in letter.body
    for part in (
        "8,000",
        need.lines.get().product.name,
        "Cartons by hand truck only.",
        story.officer.user.name,
    ):
        assert part in letter.body
    assert usual.body != letter.body


def test_template_words_letters_of_its_language_and_city_only_while_it_is_in_use(story: Story) -> None:
    need, day = story.line().supply_request, story.city.day_at(AT)
    saved = template(story, language="fr-ca", body="Du maire: {need}")
    template(story, city=cities.city("markham"), by=cities.powers("officer", cities.city("markham")))
    theirs, own = compose_letters(need, story.contact, story.officer.user, day)
    assert "mayor" not in theirs.body
    assert own is None or "mayor" not in own.body
    story.contact.user.language = "fr-ca"
    assert compose_letters(need, story.contact, story.officer.user, day)[0].body.startswith("Du maire")
    withdraw_letter_template(saved, by=story.officer.by, at=AT)
    assert "maire" not in compose_letters(need, story.contact, story.officer.user, day)[0].body


def test_saved_template_replaces_the_version_it_was_written_from_and_no_other(story: Story) -> None:
    first = template(story)
    with assert_refused("changed_meanwhile", first):
        template(story)
    second = template(story, subject="Second", replaces=first)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "active")
    with assert_refused("changed_meanwhile", second):
        template(story, replaces=first)
    withdraw_letter_template(second, by=story.officer.by, at=AT)
    assert template(story, subject="Third").status == "active"


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_usual_letter_is_itself_a_valid_template_and_leaves_no_empty_paragraph(
    story: Story, language: str
) -> None:
    words = default_letter(language)
    saved = template(story, language=language, subject=words.subject, body=words.body)
    assert (saved.subject, saved.body) == (words.subject, words.body)
    line = story.line()
    need = line.supply_request
    with_template = compose_common_letter(need, [line], language, template=words)
    assert with_template == compose_common_letter(need, [line], language)
    assert "\n\n\n" not in fill_letter(with_template, {}).body
