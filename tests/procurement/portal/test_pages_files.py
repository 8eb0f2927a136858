"""Tests of the files that a contact opens by link: their own, and those that a city opened to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.actions.links import issue_email_code, issue_link, revoke_link
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import ActionLink
from partners.powers import Power
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.outreach.actions.inquiries import draft_inquiry
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.browsing import Browser
from tests.procurement.outreach.test_inquiries import powers_by_own_link, sent_inquiry
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import submitted_lead
from workflow.clock import real_now
from workflow.http.signed_urls import sign_for_reader
from workflow.journal.models import Entry
from workflow.uploads.models import FOR_CONTACT_KIND, File

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        cities.twinning("burnaby", "zhongshan")
        story = Story()
        story.question = sent_inquiry(story)
        task = open_checks(submitted_lead(story), by=story.officer.by, at=AT)[0]
        story.task = request_check(task, story.contact, by=story.officer.by, at=AT)
        yield story


def open_link(thing: Any, *, proved: bool = True) -> tuple[Client, ActionLink]:
    """Return a browser behind the link of an object, after Continue and the six digits, and the link."""
    mine = thing._meta.label_lower == "partners.contact"
    user = thing.user if mine else thing.contact.user
    issued = issue_link(
        user, purpose="my-page" if mine else "answer", thing_label=thing._meta.label_lower, thing_id=thing.pk, by=CONSOLE_ACTOR,
        at=AT, real_at=real_now(),
    )  # fmt: skip
    browser = Browser(language="en")
    page = browser.open(issued.url).press("Continue")
    if proved:
        file = attach_as_contact(thing) if not mine else None
        at = f"{page.at}files/{file.key}/" if file else f"/me/{thing.pk}/details/"
        code = issue_email_code(issued.link, real_at=real_now())
        assert browser.client.post(at, {"link_code": code}).status_code == 303
        if file:
            File.objects.filter(pk=file.pk).delete()
    return browser.client, issued.link


def attach_as_contact(thing: Any, name: str = "licence.png") -> File:
    """Attach a file to the object as its contact."""
    power = Power.ANSWER_INQUIRY if thing._meta.model_name == "inquiry" else Power.REPORT_ON_CHECK
    by = powers_by_own_link(thing) if thing._meta.model_name == "inquiry" else own_link(thing.contact)
    upload = files.upload(files.picture("PNG"), name)
    return attach_file_and_flag_companies(thing, upload, by=by, at=AT, power=power)


def attach_as_city(story: Any, thing: Any, name: str, kind: str = "") -> File:
    """Attach a file to the object as the city."""
    upload = files.upload(files.picture("PNG"), name)
    return attach_file_and_flag_companies(thing, upload, by=story.officer.by, at=AT, kind=kind)


def read_picture(client: Client, address: str) -> Any:
    """Return the answer, after reading the picture in it to the end."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:4] == b"\x89PNG"
    return answer


@pytest.mark.parametrize("kind", ["question", "task"])
def test_contact_opens_own_files_and_files_meant_for_them_only(story, kind):
    thing = getattr(story, kind)
    mine, meant = attach_as_contact(thing), attach_as_city(story, thing, "drawing.png", FOR_CONTACT_KIND)
    inner = attach_as_city(story, thing, "minutes.png")
    client, _link = open_link(thing)
    at = "/a/" if kind == "question" else "/c/"
    page = client.get(f"{at}{thing.reference}/").content.decode()
    for file in (mine, meant):
        address = f"{at}{thing.reference}/files/{file.key}/"
        assert address in page
        led = client.get(address)
        assert (led.status_code, led["Cache-Control"]) == (302, "no-store")
        answer = read_picture(client, led["Location"])
        assert answer["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Documents for you" in page
    assert "minutes.png" not in page
    elsewhere = attach_as_city(
        story, story.question if kind == "task" else story.task, "other.png", FOR_CONTACT_KIND
    )
    for file in (inner, elsewhere):
        assert client.get(f"{at}{thing.reference}/files/{file.key}/").status_code == 404
        signed = led["Location"].replace(meant.key, file.key)
        assert client.get(signed).status_code == 404


def test_contact_file_requires_the_six_digit_code(story):
    file = attach_as_contact(story.question)
    client, link = open_link(story.question, proved=False)
    at = f"/a/{story.question.reference}/files/{file.key}/"
    assert (
        'name="link_code"' in client.get(at).content.decode()
        or "send_link_code" in client.get(at).content.decode()
    )
    client.post(at, {"send_link_code": "1"})
    assert Entry.objects.filter(verb="ask_for_code").exists()
    assert client.post(at, {"link_code": "000000"}).status_code == 422
    code = issue_email_code(link, real_at=real_now())
    assert client.post(at, {"link_code": code})["Location"] == at
    assert client.get(at).status_code == 302


def test_file_address_expires_and_works_only_for_its_link(story):
    file = attach_as_contact(story.question)
    at = f"/a/{story.question.reference}/files/{file.key}/"
    client, link = open_link(story.question)
    signed = client.get(at)["Location"]
    another, _link = open_link(story.question)
    refused = another.get(signed)
    assert refused.status_code == 403
    assert "This link was made for someone else" in refused.content.decode()
    assert f'href="{at}"' in refused.content.decode()
    assert Client().get(signed).status_code == 403, "the page of a link that is over"
    revoke_link(link, by=SelfActor(link.user, "link"), at=AT, real_at=real_now())
    for address in (at, signed):
        assert client.get(address).status_code == 403
        assert "Please open your link again" in client.get(address).content.decode()
    client, link = open_link(story.question)
    past = sign_for_reader(file.key, f"link-{link.pk}", real_now() - timedelta(minutes=11))
    over = client.get(f"{at}at/{past}/")
    assert over.status_code == 410
    assert "This link has expired." in over.content.decode()
    read_picture(client, client.get(at)["Location"])


def test_contacts_own_page_lists_the_files_of_all_their_requests(story):
    first, second = attach_as_contact(story.question), attach_as_contact(story.task, "hall.png")
    meant = attach_as_city(story, story.task, "map.png", FOR_CONTACT_KIND)
    inner = attach_as_city(story, story.task, "minutes.png")
    assert Browser(story.officer.user).activity(story.task).text.count("The contact can open this file.") == 1
    client, _link = open_link(story.contact)
    page = client.get(f"/me/{story.contact.pk}/asked/").content.decode()
    for file in (first, second, meant):
        at = f"/me/{story.contact.pk}/files/{file.key}/"
        assert at in page
        read_picture(client, client.get(at)["Location"])
    assert "minutes.png" not in page
    other = cities.contact("zhongshan", "Zhao Min")
    assert client.get(f"/me/{story.contact.pk}/files/{inner.key}/").status_code == 404
    assert client.get(f"/me/{other.pk}/files/{first.key}/").status_code == 403
    strange, _link = open_link(other)
    assert strange.get(f"/me/{other.pk}/files/{first.key}/").status_code == 404


def test_file_uploaded_as_officer_is_not_open_to_the_same_person_as_contact(story):
    need = story.question.supply_request
    file = attach_file_and_flag_companies(
        need, files.upload(files.picture("PNG"), "n.png"), by=story.officer.by, at=AT
    )
    File.objects.filter(pk=file.pk).update(by=story.contact.user)
    client, _link = open_link(story.contact)
    assert client.get(f"/me/{story.contact.pk}/files/{file.key}/").status_code == 404


def test_officer_marks_a_file_as_open_to_the_asked_contact(story):
    officer = Browser(story.officer.user)
    page = officer.activity(story.question)
    paper = files.upload(files.picture("PNG"), "standard.png")
    page.press("Add file", file=paper, for_contact="on")
    assert File.objects.get(name="standard.png").kind == FOR_CONTACT_KIND
    officer.activity(story.question).press("Add file", file=files.upload(files.picture("PNG"), "ours.png"))
    assert File.objects.get(name="ours.png").kind == ""
    assert "for_contact" not in officer.activity(story.question.supply_request).form("Add file").names


def test_file_of_an_unsent_inquiry_cannot_be_opened(story):
    waiting = draft_inquiry(
        story.line().supply_request, story.contact, subject="s", body="b", author=story.officer.user, by=story.officer.by, at=AT
    )  # fmt: skip
    file = attach_as_city(story, waiting, "early.png", FOR_CONTACT_KIND)
    client, _link = open_link(story.contact)
    assert client.get(f"/me/{story.contact.pk}/files/{file.key}/").status_code == 404
