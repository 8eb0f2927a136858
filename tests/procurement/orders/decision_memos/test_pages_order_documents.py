"""Tests of the page of an order's documents, the page behind a memo's QR code, and the audit file."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from accounts.throttling import LINK_PAGE_LIMIT
from procurement.audit_files.models import AuditFile
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.tasks import process_imports
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story
from workflow.uploads.generated_archives import archive_path

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.observer and story.approver
        story.order = story.approved()
        yield story


@pytest.fixture
def documents_url(story):
    return reverse("order_documents", args=[story.order.reference])


def create_memo_of_order(story) -> DecisionMemo:
    return create_memo(story.order, author=story.officer.user, by=story.officer.by, at=AT)


def test_officer_creates_a_decision_memo_and_downloads_it_in_three_languages(story, documents_url):
    officer = Browser(story.officer.user)
    assert "Documents for this order" in officer.open(story.order)
    assert officer.open(story.order).follow("Documents for this order").at == documents_url
    before = officer.open(documents_url)
    assert "No memos have been created yet." in before
    after = before.press("Create decision memo")
    memo = DecisionMemo.objects.get()
    assert after.at.startswith(documents_url)
    assert memo.reference in after
    for language, name in (("en", "English"), ("fr", "Français"), ("zh", "中文")):
        way = officer.client.get(reverse("decision_memo_pdf", args=[memo.reference, language]))["Location"]
        answer = officer.client.get(way)
        kept = memo.files.get(language=language)
        assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
        assert answer["Content-Disposition"] == f'attachment; filename="{memo.reference}-{language}.pdf"'
        assert kept.sha256 in after
        assert name in after
    assert officer.open(memo).at.startswith(documents_url)


def test_memo_download_address_is_refused_to_other_people(story):
    memo = create_memo_of_order(story)
    pdf_url = reverse("decision_memo_pdf", args=[memo.reference, "en"])
    officer, observer = Browser(story.officer.user).client, Browser(story.observer.user).client
    officers_url = officer.get(pdf_url)["Location"]
    assert observer.get(officers_url).status_code == 403
    assert observer.get(observer.get(pdf_url)["Location"]).status_code == 200
    assert officer.get(officers_url).status_code == 200


def test_memo_in_a_language_without_a_translation_is_not_found(story):
    memo = create_memo_of_order(story)
    url = reverse("decision_memo_pdf", args=[memo.reference, "de"])
    assert Browser(story.officer.user).client.get(url).status_code == 404


def test_memos_of_an_order_are_added_and_downloaded_as_csv(story, documents_url):
    first, officer = create_memo_of_order(story), Browser(story.officer.user)
    officer.open(documents_url).press("Create another memo")
    second = DecisionMemo.objects.exclude(pk=first.pk).get()
    listed = b"".join(officer.client.get(f"{documents_url}?as=csv").streaming_content).decode()
    assert first.sha256 in listed
    assert second.sha256 in listed


def test_observer_reads_but_cannot_create_a_decision_memo_and_a_draft_order_has_none(story, documents_url):
    memo = create_memo_of_order(story)
    auditor = Browser(story.observer.user).open(documents_url)
    assert memo.reference in auditor
    assert "Create another memo" not in auditor.buttons
    draft = story.draft()
    page = Browser(story.officer.user).open(reverse("order_documents", args=[draft.reference]))
    assert "is still a draft" in page
    assert "Create decision memo" not in page.buttons


def test_public_page_of_a_decision_memo_confirms_it_without_private_details(story):
    memo = create_memo_of_order(story)
    url = reverse("verify_decision_memo", args=[memo.code])
    text = Client().get(url).content.decode()
    assert "This memo is genuine" in text
    assert memo.fingerprint in text
    for one in memo.files.all():
        assert one.sha256 in text
    for private in (str(story.officer.user), str(story.supplier), "CAD", "USD", "Zhao Lan"):
        assert private not in text
    assert "A later memo" not in text
    later = create_memo_of_order(story)
    assert later.reference in Client().get(url).content.decode()


def test_decision_memo_pdf_is_compared_by_sha256_without_upload(story):
    memo = create_memo_of_order(story)
    url = reverse("verify_decision_memo", args=[memo.code])
    pdf = bytes(memo.files.get(language="fr").pdf)
    real = hashlib.sha256(pdf).hexdigest()
    altered = hashlib.sha256(pdf.replace(b"/Type", b"/type", 1)).hexdigest()
    same = "Your file is identical to this memo, byte for byte."
    other = "Your file does not match any of these"
    assert same in Client().get(url, {"sha256": real}).content.decode()
    assert same in Client().get(url, {"sha256": f" {real[:32].upper()} {real[32:]} "}).content.decode()
    assert other in Client().get(url, {"sha256": altered}).content.decode()
    short = Client().get(url, {"sha256": real[:10]}).content.decode()
    assert "A SHA-256 value has 64 characters" in short
    assert same not in short
    assert other not in short
    plain = Client().get(url, {"sha256": ""}).content.decode()
    assert same not in plain
    assert other not in plain


def test_wrong_code_or_altered_decision_memo_is_reported_as_not_issued(story):
    memo = create_memo_of_order(story)
    wrong = Client().get(reverse("verify_decision_memo", args=["0" * 24]))
    assert wrong.status_code == 404
    assert "This memo was not issued by us" in wrong.content.decode()
    DecisionMemoFile.objects.filter(memo=memo, language="en").update(pdf=b"%PDF-1.7 pay someone else")
    answer = Client().get(reverse("verify_decision_memo", args=[memo.code]))
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "This memo was not issued by us" in text
    assert memo.fingerprint not in text
    assert memo.order.reference not in text


def test_decision_memo_verification_is_rate_limited(story):
    url = reverse("verify_decision_memo", args=["0" * 24])
    client = Client()
    codes = {client.get(url).status_code for _ in range(LINK_PAGE_LIMIT.max_uses + 1)}
    assert codes == {404, 429}


def test_audit_file_is_requested_downloaded_and_deleted_on_the_order_documents_page(
    story, documents_url, monkeypatch
):
    auditor = Browser(story.observer.user)
    page = auditor.open(documents_url).press("Create audit file")
    bundle = AuditFile.objects.get()
    assert "Processing will start within 30 seconds." in page
    file = reverse("audit_file_download", args=[bundle.pk])
    assert auditor.client.get(file).status_code == 404
    fragment = auditor.client.get(documents_url, headers={"HX-Request": "true"}).content.decode()
    assert 'id="bundle"' in fragment
    assert "<html" not in fragment
    process_imports(AT)
    ready = auditor.open(bundle)
    bundle.refresh_from_db()
    assert ready.at.startswith(documents_url)
    assert bundle.sha256 in ready
    way = auditor.client.get(file)["Location"]
    assert auditor.client.get(f"{way.rstrip('/')}x/").status_code == 403
    place = archive_path(bundle.stored)
    aside = place.rename(place.with_suffix(".aside"))
    assert auditor.client.get(way).status_code == 404, "a file that is gone is no file"
    aside.rename(place)
    answer = auditor.client.get(way)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="{story.order.reference}.zip"'
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == bundle.sha256
    assert Browser(story.officer.user).client.get(file).status_code == 404
    again = ready.press("Create audit file again")
    assert "Processing will start within 30 seconds." in again
    monkeypatch.setattr("procurement.audit_files.builder.MAX_ARCHIVE_BYTES", -1)
    process_imports(AT)
    assert "The files exceed 2 GB in total." in auditor.open(documents_url)
    gone = auditor.open(documents_url).press("Delete audit file")
    bundle.refresh_from_db()
    assert bundle.status == "expired"
    assert "Create audit file" in gone.buttons
