"""Tests of the printed check sheet in one language or two, and of the page that explains the needed checks."""

import io

import pikepdf
import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.browsing import Browser
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import submitted_lead
from workflow.pdf import rendering

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.contact
        edit_person(
            story.contact.user,
            PersonEdit(language="zh-hans", time_zone="Asia/Shanghai"),
            by=CONSOLE_ACTOR,
            at=AT,
        )
        story.tasks = open_checks(submitted_lead(story), by=story.officer.by, at=AT)
        request_check(story.tasks[0], story.contact, by=story.officer.by, at=AT)
        yield story


@pytest.fixture
def printed_sheets(monkeypatch):
    """Return a list that collects the data of each printed document."""
    made = []
    make = rendering.render
    monkeypatch.setattr(
        rendering, "render", lambda name, data, *, at: (made.append(data), make(name, data, at=at))[1]
    )
    return made


def test_officers_check_sheet_is_printed_in_the_contacts_and_the_own_language(story, printed_sheets):
    page = Browser(story.observer.user).open(story.tasks[0])
    answer = page.browser.client.get(f"{story.tasks[0].get_absolute_url()}sheet/")
    assert f"{story.tasks[0].get_absolute_url()}sheet/" in [where for _how, where in page.ways]
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) >= 1
        assert "pdfaid:part" in str(paper.Root.Metadata.read_bytes())
    (data,) = printed_sheets
    assert [one["language"] for one in data["languages"]] == ["zh", "en"]
    assert data["url"].endswith(f"/c/{story.tasks[0].reference}/")
    assert data["qr"].startswith("<svg")
    theirs, own = data["languages"]
    assert {"name": "Registration number", "said": story.supplier.uscc} in own[
        "facts"
    ] or not story.supplier.uscc
    assert own["facts"][0] == {"name": "Legal name", "said": story.supplier.legal_name_local}
    assert len(theirs["questions"]) == len(own["questions"]) > 4
    assert "原件" in str(theirs["questions"])
    assert "original" in str(own["questions"])


def test_check_sheet_in_a_shared_language_is_printed_once(story, printed_sheets):
    Browser(story.observer.user).client.get(f"{story.tasks[1].get_absolute_url()}sheet/")
    assert [one["language"] for one in printed_sheets[0]["languages"]] == ["en"]


def test_contact_prints_only_their_own_check_sheet_by_link(story, printed_sheets):
    page = open_link_page(story.tasks[0])
    address = f"/c/{story.tasks[0].reference}/sheet/"
    assert address in [where for _how, where in page.ways]
    assert button_text("Print check sheet", "zh-hans") in page
    assert page.browser.client.get(address).content.startswith(b"%PDF")
    assert [one["language"] for one in printed_sheets[0]["languages"]] == ["zh", "en"]
    assert page.browser.client.get(f"/c/{story.tasks[1].reference}/sheet/").status_code == 403


def test_needed_checks_page_states_which_checks_are_needed_and_why_others_are_not(story):
    page = Browser(story.observer.user).open(story.tasks[0].lead).follow("Required checks")
    for words in (
        "For every offer, someone must confirm that the company exists.",
        "Not needed",
        "The offer does not rely on a certificate.",
        story.tasks[0].reference,
    ):
        assert words in page, words
