"""Tests of the register of declared interests on pages: declaring, reading, ending, and export."""

import io
import re
import zipfile

import pytest

from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.verification.actions.checks import open_checks
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import report_by_provider, submitted_lead

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.second_officer and story.contact and story.supplier
        story.task = open_checks(submitted_lead(story), by=story.officer.by, at=AT)[0]
        report_by_provider(story, story.task)
        yield story


def test_officer_declaring_an_interest_loses_the_decision_button_with_a_reason(story):
    officer = Browser(story.officer.user)
    assert "Accept the report" in officer.open(story.task).buttons
    assert "No declared interests yet." in officer.open("/interests/")
    form = officer.open(story.supplier).follow("Do you have a personal interest in this company? Declare it.")
    page = form.press("Declare an interest", words="my sister works there")
    interest = InterestDeclaration.objects.get()
    assert page.at == interest.get_absolute_url()
    assert "my sister works there" in page
    assert "You declared an interest in this company" in officer.open(story.task)
    assert officer.client.post(f"{story.task.get_absolute_url()}accept/").status_code == 403
    assert "You have already declared an interest." in officer.open(
        f"/interests/in/{story.supplier.reference}/"
    )


def test_reason_of_an_interest_is_private_and_only_another_person_can_end_it(story):
    declare_interest(story.supplier, story.officer.user, words="shares", by=story.officer.by, at=AT)
    other = Browser(story.second_officer.user)
    assert story.officer.user.name in other.open("/interests/")
    page = other.open(InterestDeclaration.objects.get().get_absolute_url())
    assert "shares" not in page
    ask = page.follow("End declared interest")
    assert ask.press("End declared interest", reason="").status == 422
    ask.press("End declared interest", reason="They showed the sale.")
    assert InterestDeclaration.objects.get().status == "ended"
    again = Browser(story.officer.user).open(InterestDeclaration.objects.get().get_absolute_url())
    again.follow("Declare interest again").press("Declare interest again", words="again")
    assert (InterestDeclaration.objects.get().status, InterestDeclaration.objects.get().words) == (
        "declared",
        "again",
    )


def test_interest_register_is_filtered_and_exported_without_private_reasons(story):
    declare_interest(story.supplier, story.officer.user, words="=shares", by=story.officer.by, at=AT)
    reader = Browser(story.second_officer.user)
    assert story.officer.user.name in reader.open("/interests/?q=康护&status=declared")
    assert "No declared interests match." in reader.open("/interests/?status=ended")
    csv = b"".join(reader.client.get("/interests/?as=csv").streaming_content).decode("utf-8-sig")
    book = reader.client.get("/interests/?as=xlsx")
    assert book["Content-Disposition"] == 'attachment; filename="interests.xlsx"'
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        cells = re.findall("<t[^>]*>([^<]*)</t>", parts.read("xl/worksheets/sheet1.xml").decode())
    assert cells[:5] == ["Supplier", "Reference", "Person", "Declared", "Status"]
    assert cells[6:] == [story.supplier.reference, story.officer.user.name, "2020-04-16", "Declared"]
    assert csv.splitlines()[1].split(",")[1:] == cells[6:]
    assert "shares" not in csv
