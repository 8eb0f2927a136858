"""Tests of the page that reviews a certificate: the document beside its fields, rule results, and the issuer's answer."""

import io
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.powers import Power
from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.suppliers.models.certificates import Certificate
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.browsing import Browser
from tests.workflow import files
from tests.worlds.cities import own_link
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.clock import real_now
from workflow.http.signed_urls import sign_for_reader
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.contact and story.checker
        assert story.supplier
        yield story


@pytest.fixture
def officer(story: Story) -> Browser:
    return Browser(story.officer.user)


def pdf_pages(count: int) -> bytes:
    with pikepdf.new() as made:
        for _page in range(count):
            made.add_blank_page(page_size=(300, 400))
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def attach_document(
    story: Story, thing: Any, name: str = "licence.pdf", count: int = 1, **facts: Any
) -> File:
    data = pdf_pages(count) if name.endswith("pdf") else files.picture("PNG")
    given = {"by": story.officer.by, "power": Power.COMMENT, **facts}
    return attach_file_and_flag_companies(
        thing, SimpleUploadedFile(name, data), at=AT, kind="certificate", **given
    )


def picture_urls(page: Any) -> list[str]:
    """Return the addresses of the pictures, without the part signed for the reader."""
    return [re.sub("/at/[^/]+/", "/", one) for one in signed_urls(page)]


def signed_urls(page: Any) -> list[str]:
    return [one.get("src") for one in page.root.xpath("//section[@id='sheet']//img")]


def test_certificate_page_shows_the_document_beside_its_fields_page_by_page(story, officer):
    one = enter_certificate(story)
    page = officer.open(one)
    assert "No image yet." in page
    file = attach_document(story, one, count=3)
    page = officer.open(one)
    assert picture_urls(page) == [f"/files/{file.key}/pages/1/small.webp"]
    assert "Page 1 of 3" in page
    assert "Previous page" not in page
    second = page.follow("Next page")
    assert picture_urls(second) == [f"/files/{file.key}/pages/2/small.webp"]
    last = second.follow("Next page")
    assert "Next page" not in last
    assert picture_urls(last.follow("Previous page")) == picture_urls(second)
    large = officer.open(f"/files/{file.key}/pages/3/large.webp")
    assert (large.status, large.answer["Content-Type"]) == (200, "image/webp")
    assert large.answer["Content-Security-Policy"].startswith("sandbox")
    assert officer.client.get(signed_urls(page)[0])["Content-Type"] == "image/webp", (
        "without a way in between"
    )
    assert Browser(story.observer.user).open(signed_urls(page)[0]).status == 403
    assert Browser(story.stranger.user).open(signed_urls(page)[0]).status == 404


def test_expired_certificate_image_link_offers_a_new_link(story, officer):
    file = attach_document(story, enter_certificate(story))
    past = sign_for_reader(file.key, f"user-{story.officer.user.pk}", real_now() - timedelta(minutes=11))
    address = f"/files/{file.key}/at/{past}/pages/1/small.webp"
    response = officer.client.get(address, headers={"Sec-Fetch-Dest": "image"})
    assert (response.status_code, response["Content-Type"]) == (410, "image/svg+xml")
    assert "The link to this image has expired." in response.content.decode()
    page = officer.open(address)
    assert (page.status, page.heading) == (410, "This file link does not work")
    again = page.follow("Get new link")
    assert (again.status, again.answer["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("asked", ["0", "-1", "99", "x", "٣", "", "1" * 50])
def test_invalid_page_number_of_a_certificate_shows_one_page(story, officer, asked):
    one = enter_certificate(story)
    attach_document(story, one, count=2)
    assert len(picture_urls(officer.open(f"{one.get_absolute_url()}?page={asked}&file=nothing"))) == 1


def test_missing_certificate_page_gets_404_and_one_still_in_preparation_429(story, officer, monkeypatch):
    file = attach_document(story, enter_certificate(story), count=2)
    for address in ("3/small", "0/small", "1/huge"):
        assert officer.open(f"/files/{file.key}/pages/{address}.webp").status == 404
    at = f"/files/{file.key}/pages/1/small.webp"
    monkeypatch.setattr("workflow.uploads.previews.run_parser", lambda *line: {"refused": "unreadable"})
    broken = officer.open(at)
    assert (broken.status, broken.answer["Content-Type"]) == (422, "image/svg+xml")
    assert "This page cannot be displayed." in broken.answer.content.decode()
    monkeypatch.setattr("workflow.uploads.previews.MAX_CONCURRENT_DRAWINGS", 0)
    busy = officer.open(f"/files/{file.key}/pages/2/small.webp")
    assert (busy.status, busy.answer["Retry-After"]) == (429, "60")
    assert "Other pages are being prepared." in busy.answer.content.decode()


def test_photo_from_a_check_is_shown_only_to_the_city_of_the_check(story, officer):
    one = enter_certificate(story)
    lead = submitted_offer(story)
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    task = next(task for task in tasks if task.certificate_id == one.pk)
    request_check(task, story.checker, by=story.officer.by, at=AT)
    file = attach_document(story, task, "photo.png", by=own_link(story.checker), power=Power.REPORT_ON_CHECK)
    page = officer.open(one)
    assert picture_urls(page) == [f"/files/{file.key}/pages/1/small.webp"]
    assert task.reference in page
    elsewhere = Browser(story.stranger.user).open(one)
    assert (picture_urls(elsewhere), task.reference in elsewhere) == ([], False)
    assert Browser(story.stranger.user).open(picture_urls(page)[0]).status == 404


def test_certificate_lists_several_files_with_its_own_first(story, officer):
    one = enter_certificate(story)
    first, second = attach_document(story, one, count=1), attach_document(story, one, "photo.png")
    page = officer.open(one)
    assert picture_urls(page) == [f"/files/{first.key}/pages/1/small.webp"]
    assert picture_urls(page.follow("photo.png")) == [f"/files/{second.key}/pages/1/small.webp"]


def test_certificate_page_lists_screening_results_for_the_offer_it_serves(story, officer):
    one = enter_certificate(story, kind="US_NIOSH", number="abc")
    page = officer.open(one)
    assert "No offer to your city relies on this certificate yet" in page
    lead = submitted_offer(story)
    page = officer.open(f"{one.get_absolute_url()}?offer={lead.reference}")
    said = page.root.xpath("//section[@id='looked']")[0].text_content()
    assert lead.reference in said
    assert "Number format and check digit" in said
    assert "does not look genuine" in said, "its form is no source"
    assert {"In order", "Doubtful", "Not known"} <= {
        one.text_content().strip()
        for one in page.root.xpath("//section[@id='looked']//span[@class='nowrap']")
    }
    assert "No other company on record claims this number." in said
    assert "No file has been provided yet." in said
    assert "The issuer has not been contacted yet." in said
    attach_document(story, one)
    assert "No file from this company was provided for another company" in officer.open(one)
    foreign = Browser(story.stranger.user).open(one)
    assert lead.reference not in foreign


def test_issuers_answer_is_recorded_with_a_screenshot(story, officer):
    one = enter_certificate(story)
    form = officer.open(one).follow("Record issuer’s answer")
    wrong = form.press("Record issuer’s answer", result="no_answer", address="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"address"})
    page = officer.open(f"{one.get_absolute_url()}look_up/").press(
        "Record issuer’s answer",
        result="differs",
        address="https://issuer.example/",
        reason="Another holder.",
        screenshot=files.upload(files.picture("PNG"), "screen.png"),
    )
    assert page.at == one.get_absolute_url()
    look = one.issuer_checks.get()
    assert File.objects.get(pk=look.file_id).kind == "screenshot"
    asked = page.root.xpath("//section[@id='asked']")[0].text_content()
    assert "Issuer’s information differs from the document" in asked
    assert "https://issuer.example/" in asked
    assert story.officer.user.name in asked
    assert picture_urls(page) == [], "a picture of a screen is not the document"
    assert "screen.png" in officer.activity(one)
    officer.open(one).follow("Record issuer’s confirmation").press(
        "Record issuer’s confirmation", address="https://issuer.example/", reason="Set right there."
    )
    assert Certificate.objects.get(pk=one.pk).status == "confirmed"
    assert one.issuer_checks.count() == 2


def test_certificate_types_are_grouped_and_found_in_any_language(story, officer):
    add = officer.open(f"{story.supplier.get_absolute_url()}certificates/new/")
    groups = [one.get("label") for one in add.root.xpath("//select[@name='kind']/optgroup")]
    assert groups[:4] == ["China", "European Union", "United States", "Canada"]
    assert len(add.root.xpath("//select[@name='kind']//option")) == 42
    page = officer.open(story.supplier).follow("Certificate types")
    assert len(page.root.xpath("//ul[@class='rows']/li")) == 41
    found = officer.open(f"{page.at}&q=注册证 口罩" if "?" in page.at else f"{page.at}?q=注册证 口罩")
    assert "NMPA medical device registration" in found
    assert "510(k)" not in found
    niosh = CertificateType.objects.get(code="US_NIOSH")
    form = officer.open(f"/certificate-types/?for={story.supplier.reference}&q=TC number").follow(
        "Add certificate"
    )
    assert form.form("Add").fields["kind"] == [str(niosh.pk)]
    assert "No certificate types match." in officer.open("/certificate-types/?q=gramophone")


def test_certificate_type_page_states_what_it_proves_and_which_facts_lack_a_source(story, officer):
    page = officer.open("/certificate-types/EU_PPE_B/")
    for words in ("Does not prove", "0598/PPE/20/0123", "no source", "How to check it"):
        assert words in page
    assert page.root.xpath("//a[starts-with(@href, 'https://ec.europa.eu/')]")
    assert officer.open("/certificate-types/NOTHING/").status == 404
    assert "Our rules do not cover this certificate type." in officer.open("/certificate-types/PSI/")
