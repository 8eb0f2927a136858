"""Tests of a contact's report by link: questions, remarks and photos, declining, and forwarding to a colleague."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.models.facts import SupplierFact
from procurement.verification.actions.assignment import cancel_check, request_check
from procurement.verification.actions.checks import open_checks, propose_check
from procurement.verification.actions.reports import return_report
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import questions_for_task
from tests.browsing import Browser
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.workflow.files import photo_with_location
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import submitted_lead
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
ZH = "zh-hans"


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        edit_person(
            story.contact.user, PersonEdit(language=ZH, time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )
        story.colleague = cities.contact("zhongshan", "Chen Jing")
        first, second = open_checks(submitted_lead(story), by=story.officer.by, at=AT)[:2]
        story.task = request_check(first, story.contact, by=story.officer.by, at=AT)
        story.other = request_check(second, story.colleague, by=story.officer.by, at=AT)
        yield story


@pytest.fixture
def check_page(story):
    return open_link_page(story.task)


def reloaded_check(story) -> VerificationTask:
    return VerificationTask.objects.get(pk=story.task.pk)


def answered_fields(story, **facts):
    """Return the form with every question answered by a tap."""
    asked = questions_for_task(story.task)
    answers = {one.code: "yes" for one in asked} | {f"{asked[0].code}_seen": "执照原件已见，编号一致"}
    return answers | {
        "method": "visit",
        "place": "中山市火炬区",
        "seen_on": "2020年4月15日",
        "confidence": "3",
        **facts,
    }


def send_answers(check_page, language=ZH, **typed):
    """Return the page after the answers were checked and sent."""
    return check_page.press(button_text("Check and send", language), **typed).press(
        button_text("Send the report", language)
    )


def test_check_is_accepted_and_reported_with_a_photo_by_link(story, check_page):
    check_page.press(button_text("Accept the check", ZH))
    assert reloaded_check(story).status == "in_progress"
    photo = SimpleUploadedFile("执照.jpg", photo_with_location(), "image/jpeg")
    assert (
        check_page.browser.client.post(
            f"/c/{story.task.reference}/photo/", {"file": photo}, headers={"accept": "application/json"}
        ).status_code
        == 201
    )
    form = check_page.browser.open(f"/c/{story.task.reference}/")
    after = send_answers(form, **answered_fields(story, summary="厂房正常生产。"))
    report, task = CheckReport.objects.get(), reloaded_check(story)
    assert (task.status, report.author if hasattr(report, "author") else report.by) == (
        "submitted",
        story.contact.user,
    )
    first = questions_for_task(task)[0].code
    assert report.answers[first] == {"answer": "yes", "seen": "执照原件已见，编号一致"}
    assert (report.seen_on, report.confidence, report.summary) == (date(2020, 4, 15), 3, "厂房正常生产。")
    assert File.objects.filter(status="clean").count() == 1
    assert button_text("Check and send", ZH) not in after.buttons


def test_missing_or_unreadable_report_answers_are_named_and_the_rest_is_kept(story, check_page):
    asked = questions_for_task(story.task)
    typed = {
        name: value for name, value in answered_fields(story, seen_on="昨天").items() if name != asked[1].code
    }
    wrong = check_page.press(button_text("Check and send", ZH), **typed)
    assert (wrong.status, set(wrong.wrong)) == (422, {asked[1].code, "seen_on"})
    assert reloaded_check(story).status == "requested"


def test_report_date_in_the_future_is_refused(story, check_page):
    refused = send_answers(check_page, **answered_fields(story, seen_on="2020-05-30"))
    assert refused.status == 422
    assert refused.alert


def test_report_on_a_check_cancelled_meanwhile_is_refused_and_the_text_is_kept(story, check_page):
    cancel_check(reloaded_check(story), reason="We went ourselves.", by=story.officer.by, at=AT)
    refused = check_page.press(
        button_text("Check and send", ZH), **answered_fields(story, summary="厂房正常生产。")
    )
    assert (refused.status, bool(refused.alert)) == (409, True)
    assert not CheckReport.objects.exists()


def test_returned_report_shows_the_citys_question_and_is_sent_again(story, check_page):
    send_answers(check_page, **answered_fields(story))
    return_report(reloaded_check(story), question="能否拍一张照片？", by=story.officer.by, at=AT)
    again = check_page.browser.open(f"/c/{story.task.reference}/")
    assert "能否拍一张照片？" in again
    send_answers(again, **answered_fields(story))
    assert (reloaded_check(story).status, CheckReport.objects.count()) == ("submitted", 2)


def test_contact_declines_a_check_by_link_once(story, check_page):
    ask = check_page.follow(button_text("I cannot do this check", ZH))
    ask.press(button_text("Tell the city", ZH), remark="本周出差")
    assert (reloaded_check(story).status, reloaded_check(story).remark) == ("declined", "本周出差")
    late = check_page.browser.open(f"/c/{story.task.reference}/cannot/").press(
        button_text("Tell the city", ZH), remark="再说一次"
    )
    assert late.status == 409


def test_check_is_forwarded_by_link_to_a_chosen_colleague(story, check_page):
    ask = check_page.follow(button_text("A colleague will do it", ZH))
    assert ask.press(button_text("Pass on to colleague", ZH)).status == 422
    ask.press(button_text("Pass on to colleague", ZH), to=str(story.colleague.pk))
    assert reloaded_check(story).status == "forwarded"
    assert VerificationTask.objects.latest("pk").contact == story.colleague


def test_naming_an_unknown_colleague_for_a_check_declines_it_with_a_remark(story, check_page):
    check_page.follow(button_text("A colleague will do it", ZH)).press(
        button_text("Pass on to colleague", ZH), remark="请问药监局"
    )
    assert (reloaded_check(story).status, reloaded_check(story).remark) == ("declined", "请问药监局")


def test_check_cannot_be_taken_twice_or_by_get(story, check_page):
    assert check_page.browser.open(f"/c/{story.task.reference}/take/").status == 404
    check_page.press(button_text("Accept the check", ZH))
    refused = check_page.browser.client.post(f"/c/{story.task.reference}/take/")
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (409, True)


def test_check_link_opens_only_its_own_check(story, check_page):
    other = story.other.reference
    for at in (
        f"/c/{other}/",
        f"/c/{other}/take/",
        f"/c/{other}/cannot/",
        f"/c/{other}/colleague/",
        f"/c/{other}/photo/",
    ):
        assert check_page.browser.client.post(at, {"remark": "x"}).status_code in (403, 404), at
        assert Client().post(at, {"remark": "x"}).status_code == 403, at
    assert VerificationTask.objects.get(pk=story.other.pk).status == "requested"


@pytest.mark.parametrize("language", ["en", "fr-ca"])
def test_report_page_accepts_a_report_in_english_and_french(story, language):
    page = open_link_page(story.task, language)
    send_answers(page, language, **answered_fields(story, seen_on="2020-04-15"))
    assert reloaded_check(story).status == "submitted"


def test_contact_reports_the_companys_correct_phone_number_by_link(story, check_page):
    form = check_page.follow(button_text("Which phone number is right?", ZH))
    button = button_text("Tell the city", ZH)
    assert set(form.press(button, number="").wrong) >= {"number"}
    form.press(button, number="+86 760 0000 0000", how="phoned")
    (known,) = SupplierFact.objects.confirmed_phones(story.task.supplier, ())
    assert (known.value, known.contact, known.how) == ("+86 760 0000 0000", story.contact, "phoned")


def test_officers_question_on_returned_report_is_marked_with_its_language(story, check_page):
    """The offer came by link, so its author is the contact, who writes Chinese."""
    SupplierLead.objects.filter(pk=story.task.lead_id).update(author=story.contact.user)
    send_answers(check_page.browser.open(f"/c/{story.task.reference}/"), **answered_fields(story))
    edit_person(story.officer.user, PersonEdit(language="fr"), by=CONSOLE_ACTOR, at=AT)
    return_report(reloaded_check(story), question="Quelle est la date?", by=story.officer.by, at=AT)
    (asked,) = check_page.browser.open(f"/c/{story.task.reference}/").root.xpath(
        "//*[contains(@class, 'user-text')][contains(., 'Quelle est la date?')]"
    )
    assert asked.get("lang") == "fr"


def test_returned_report_form_is_prefilled_with_the_earlier_answers(story, check_page):
    asked = questions_for_task(story.task)
    typed = answered_fields(story, summary="仓库另有两台机器。", seen_on="2020年4月14日", method="phone")
    typed |= {asked[1].code: "could_not_check", f"{asked[1].code}_seen": "门锁着"}
    send_answers(check_page, **typed)
    return_report(reloaded_check(story), question="机器的型号是什么？", by=story.officer.by, at=AT)
    again = check_page.browser.open(f"/c/{story.task.reference}/")
    assert again.value(f"{asked[1].code}_seen") == "门锁着"
    assert (again.value("place"), again.value("summary")) == (typed["place"], typed["summary"])
    assert again.text.index("机器的型号是什么") < again.text.index(str(asked[0].words)[:4])
    send_answers(again, summary="两台均为 KN-700。")
    last = CheckReport.objects.latest("pk")
    assert last.answers[asked[1].code] == {"answer": "could_not_check", "seen": "门锁着"}
    assert (last.summary, last.method) == ("两台均为 KN-700。", "phone")


VISIT = {"method": "visit", "place": "中山市火炬区", "seen_on": "2020年4月15日", "confidence": "3"}


@pytest.fixture
def page_of_three_checks(story):
    """Return three checks of one company that one contact is asked to make, the link's own first."""
    lead = story.task.lead
    others = [one for one in lead.checks.order_by("pk") if one.status == "unassigned"]
    others += [
        propose_check(lead, kind, by=story.officer.by, at=AT)
        for kind in ("sample_test", "price_explanation", "export_permission")
        if not lead.checks.filter(check_kind=kind).exists()
    ]
    second, third = others[:2]
    return [reloaded_check(story), *(request_further_check(story, one) for one in (second, third))]


def request_further_check(story, task) -> VerificationTask:
    return request_check(task, story.contact, by=story.officer.by, at=AT)


def test_three_checks_of_one_company_are_reported_on_one_page(story, page_of_three_checks):
    own, second, third = page_of_three_checks
    page = open_link_page(own)
    assert [one.reference in page.answer.content.decode() for one in (second, third)] == [True, True]
    outcomes = {
        "outcome": "same",
        f"{second.reference}-outcome": "same",
        f"{third.reference}-outcome": "same",
    }
    check = page.press(button_text("Check and send", ZH), **VISIT, **outcomes)
    assert check.heading == button_text("Check your answers", ZH)
    assert check.text.count(button_text("All of this is correct", ZH)) == 3
    assert not CheckReport.objects.exists(), "nothing is stored before it was checked"
    receipt = check.press(button_text("Send the report", ZH))
    assert button_text("Thank you. Your report has been sent.", ZH) in receipt
    assert {
        one.status for one in VerificationTask.objects.filter(pk__in=[one.pk for one in page_of_three_checks])
    } == {"submitted"}
    for report in CheckReport.objects.all():
        assert (report.confirmed_at_once, report.place, report.method) == (True, VISIT["place"], "visit")
        assert {one["answer"] for one in report.answers.values()} == {"yes"}
        assert set(report.answers) == set(questions_for_task(report.task).codes)
    officer = Browser(story.officer.user).open(own)
    assert "Everything confirmed with one answer" in officer


def test_one_of_several_checks_may_be_reported_later(story, page_of_three_checks):
    own, second, third = page_of_three_checks
    page, asked = open_link_page(own), questions_for_task(second)
    start = f"{second.reference}-"
    answers = {f"{start}{one.code}": "yes" for one in asked} | {f"{start}{asked[0].code}": "no"}
    answers |= {"outcome": "later", f"{start}outcome": "differs", f"{third.reference}-outcome": "later"}
    answers |= {f"{start}{asked[0].code}_seen": "不一致"}
    send_answers(page, **VISIT, **answers)
    report = CheckReport.objects.get()
    assert (report.task, report.confirmed_at_once) == (second, False)
    assert report.answers[asked[0].code] == {"answer": "no", "seen": "不一致"}
    again = page.browser.open(f"/c/{own.reference}/")
    assert button_text("Check and send", ZH) in again.buttons
    assert "不一致" in again


def test_each_of_several_checks_needs_an_answer_and_at_least_one_a_report(story, page_of_three_checks):
    own, second, third = page_of_three_checks
    page = open_link_page(own)
    later = {"outcome": "later", f"{second.reference}-outcome": "later"}
    missing = page.press(button_text("Check and send", ZH), **VISIT, **later)
    assert (missing.status, set(missing.wrong)) == (422, {f"{third.reference}-outcome"})
    none = page.press(
        button_text("Check and send", ZH), **VISIT, **later, **{f"{third.reference}-outcome": "later"}
    )
    assert (none.status, set(none.wrong)) == (422, {"outcome"})


def test_report_answers_can_be_changed_before_sending(story, check_page):
    check = check_page.press(button_text("Check and send", ZH), outcome="same", **VISIT)
    changes = check.root.xpath("//button[@name='change']/@formaction")
    assert {
        f"/c/{story.task.reference}/#id_{name}" for name in ("outcome", "method", "place", "seen_on")
    } <= set(changes)
    again = check.press(button_text("Change answers", ZH))
    assert (again.value("place"), again.status) == (VISIT["place"], 200)
    assert not CheckReport.objects.exists()


def test_declining_several_checks_names_those_declined(story, page_of_three_checks):
    own, second, third = page_of_three_checks
    ask = open_link_page(own).follow(button_text("I cannot do this check", ZH))
    ask.press(button_text("Tell the city", ZH), checks=[second.reference], remark="本周出差")
    found = {
        one.pk: one.status
        for one in VerificationTask.objects.filter(pk__in=[one.pk for one in page_of_three_checks])
    }
    assert (found[own.pk], found[second.pk], found[third.pk]) == ("requested", "declined", "requested")


def test_photo_is_stored_with_the_check_it_was_added_to(story, page_of_three_checks):
    own, second, _third = page_of_three_checks
    page = open_link_page(own)
    address = f"/c/{own.reference}/photo/?check={second.reference}"
    photo = SimpleUploadedFile("厂房.jpg", photo_with_location(), "image/jpeg")
    sent_photo = page.browser.client.post(address, {"file": photo}, headers={"accept": "application/json"})
    assert (sent_photo.status_code, File.objects.get().thing_id) == (201, second.pk)
    listed = page.browser.open(f"/c/{own.reference}/").answer.content.decode()
    assert "厂房.jpg" in listed.partition(f'id="{second.reference}photo-list"')[2].partition("</ul>")[0]
    foreign = f"/c/{own.reference}/photo/?check={story.other.reference}"
    assert page.browser.client.post(foreign, {"file": photo}).status_code == 404
