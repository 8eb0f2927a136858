"""Scenario steps: checks and their reports, with reminders, a forwarded check and a returned report."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from partners.powers import Power
from partners.routing.recommendations import recommend_contacts, routing_place
from procurement.leads.actions.attachments import attach_and_flag
from procurement.leads.actions.leads import verify_lead
from procurement.management.scenario import sample_files
from procurement.management.scenario.state import Stage
from procurement.suppliers.actions.certificates import confirm_certificate
from procurement.suppliers.actions.facts import confirm_phone
from procurement.suppliers.models.facts import SupplierFact
from procurement.verification.actions.assignment import accept_check, forward_check, request_check
from procurement.verification.actions.reports import accept_report, return_report, submit_report
from procurement.verification.actions.tasks import open_checks
from procurement.verification.models import Check, VerificationTask
from procurement.verification.questions import questions_for_task
from workflow.i18n import translate_all

LICENCE, CERTIFICATE, VISIT, EXPORT = Check.BUSINESS_LICENCE, Check.CERTIFICATE, Check.VISIT, Check.EXPORT
BANK = Check.BANK


def open_all(stage: Stage, key: str, officer: str) -> None:
    """Open the checks that the rules require for an offer."""
    for task in open_checks(stage.leads[key], by=stage.by(officer), at=stage.at):
        stage.checks[f"{key}/{task.check_kind}"] = task


def give(stage: Stage, key: str, check: str, contact: str, officer: str) -> None:
    """Ask a contact suggested for the company's place to make a check, with the reasons."""
    task = stage.checks[f"{key}/{check}"]
    place = routing_place(stage.suppliers[key].place or stage.cities["burnaby"])
    language = stage.staff[officer].language
    suggested = recommend_contacts(
        task.city, place, task.city.day_at(stage.at), family="mask", check=check, language=language
    )
    chosen = next(one for one in suggested if one.contact.pk == stage.contacts[contact].pk)
    reasons = [{"code": reason.code, **translate_all(reason.words)} for reason in chosen.ranked.reasons]
    request_check(task, chosen.contact, reasons=reasons, by=stage.by(officer), at=stage.at)


def report(
    stage: Stage,
    key: str,
    check: str,
    contact: str,
    seen: Iterable[str] = (),
    *,
    photo: str = "",
    not_checked: tuple[str, ...] = (),
    **facts: Any,
) -> None:
    """Submit a contact's report by link. `seen`: remarks on the questions of the first set, in order."""
    task = stage.checks[f"{key}/{check}"]
    by, person = stage.by_link(contact, task), stage.contacts[contact]
    words, first = iter(seen), questions_for_task(task, version=1).codes
    answers = {
        question.code: {
            "answer": "could_not_check" if question.code in not_checked else "yes",
            "seen": next(words, "") if question.code in first else "",
        }
        for question in questions_for_task(task)
    }
    files = [_attach(stage, task, photo, contact).pk] if photo else []
    submit_report(
        task,
        answers=answers,
        seen_on=stage.day,
        author=person.user,
        files=files,
        by=by,
        at=stage.at,
        **{"method": "document", "confidence": 3, "place": stage.suppliers[key].address, **facts},
    )


def _attach(stage: Stage, task: VerificationTask, words: str, contact: str) -> Any:
    upload = SimpleUploadedFile("photo.png", sample_files.png(words, f"DEMO {task.reference}"), "image/png")
    by = stage.by_link(contact, task)
    return attach_and_flag(task, upload, by=by, at=stage.at, kind="photo", power=Power.REPORT)


def accept(stage: Stage, key: str, *checks: str, part: str = "officer") -> None:
    """Accept these reports for the city."""
    for check in checks:
        task = stage.checks[f"{key}/{check}"]
        accept_report(task, judge=stage.staff[part], by=stage.by(part), at=stage.at)


def burnaby_opens_checks(stage: Stage) -> None:
    """Open the checks of the first two offers, in Zhongshan and in Guiyang.

    In Guiyang a second person checks the business licence.
    """
    for key, contact in (("maker", "chen"), ("giver", "yang")):
        open_all(stage, key, "officer")
        for name in [name for name in stage.checks if name.startswith(f"{key}/")]:
            check = name.partition("/")[2]
            give(stage, key, check, "luo" if (key, check) == ("giver", LICENCE) else contact, "officer")


def zhongshan_reports(stage: Stage) -> None:
    """Submit four reports. The visit passes to a colleague who lives near the factory."""
    report(
        stage, "maker", LICENCE, "chen", ("见原件", "国家企业信用信息公示系统，名称一致"), method="register"
    )
    report(stage, "maker", CERTIFICATE, "chen", ("省药监局网站",), method="register", confidence=2)
    report(stage, "maker", EXPORT, "chen", ("第5号公告声明已备",))
    report(
        stage,
        "maker",
        BANK,
        "chen",
        ("户名与营业执照一致", "拨打我办通讯录中的总机，财务确认尾号 0017"),
        method="phone",
    )
    _zhongshan_names_the_switchboard(stage)
    task = stage.checks[f"maker/{VISIT}"]
    stage.checks[f"maker/{VISIT}"] = forward_check(
        task,
        to=stage.contacts["liang"],
        remark="梁专员住在开发区，请他去看。",
        by=stage.by_link("chen", task),
        at=stage.at,
    )


def _zhongshan_names_the_switchboard(stage: Stage) -> None:
    """Confirm the manufacturer's phone number, which the city calls back before it pays."""
    chen, supplier = stage.contacts["chen"], stage.suppliers["maker"]
    confirm_phone(
        supplier,
        supplier.phone,
        how=SupplierFact.How.PHONED,
        contact=chen,
        stated_on=stage.day,
        entered_by=chen.user,
        by=stage.by_link("chen", stage.checks[f"maker/{BANK}"]),
        at=stage.at,
    )


def guiyang_reports(stage: Stage) -> None:
    """Submit all reports on the donation, from one afternoon."""
    report(
        stage, "giver", LICENCE, "luo", ("见原件", "国家企业信用信息公示系统，名称一致"), method="register"
    )
    report(
        stage,
        "giver",
        VISIT,
        "yang",
        ("车间在此", "十箱，批号 QL200318", "包装标注 EN 14683 Type IIR"),
        photo="10 cartons  QL200318",
        method="visit",
        summary="看到成品十箱，已封箱待运。",
    )
    report(stage, "giver", EXPORT, "yang")


def burnaby_reviews_checks(stage: Stage) -> None:
    """Accept the reports on the donation and verify it. Send one of the manufacturer's reports back."""
    accept(stage, "giver", LICENCE, VISIT, EXPORT)
    accept(stage, "maker", LICENCE, EXPORT, BANK)
    return_report(
        stage.checks[f"maker/{CERTIFICATE}"],
        question="Does the registration name the very model that is offered? Please send what it says.",
        by=stage.by("officer"),
        at=stage.at,
    )
    verify_lead(stage.leads["giver"], verifier=stage.staff["verifier"], by=stage.by("verifier"), at=stage.at)


def zhongshan_answers_the_question(stage: Stage) -> None:
    """Submit the report again, with the model's name."""
    report(
        stage,
        "maker",
        CERTIFICATE,
        "chen",
        ("省药监局网站及电话", "编号、持有人、日期一致", "型号 AL-S3，与报价一致", "是"),
        method="phone",
        summary="已致电核实：注册证载明型号 AL-S3。",
    )


def liang_goes_there(stage: Stage) -> None:
    """Accept the visit, after the first reminder."""
    task = stage.checks[f"maker/{VISIT}"]
    accept_check(task, by=stage.by_link("liang", task), at=stage.at)


def liang_reports(stage: Stage) -> None:
    """Submit the report on the visit to the factory."""
    report(
        stage,
        "maker",
        VISIT,
        "liang",
        (
            "三条生产线在运转",
            "约八十箱，批号 AL200401 至 AL200409",
            "标注 ASTM F2100 Level 2",
            "两班，每天约六万只",
        ),
        photo="Line 2 running  AL-S3",
        method="visit",
        summary="厂房整洁，成品库有货，未见异常。",
    )


def burnaby_verifies(stage: Stage) -> None:
    """Accept the last reports, confirm the certificate and verify the manufacturer's offer."""
    accept(stage, "maker", CERTIFICATE, VISIT)
    certificate = stage.suppliers["maker"].certificates.get()
    confirm_certificate(
        certificate,
        how="phone",
        address=f"{certificate.issuer} +86 000 5550 0199",
        looked_up_by=stage.staff["officer"],
        reason="Confirmed by phone and in the issuer's own register; see the report of the check.",
        by=stage.by("officer"),
        at=stage.at,
    )
    verify_lead(stage.leads["maker"], verifier=stage.staff["verifier"], by=stage.by("verifier"), at=stage.at)


def burnaby_checks_the_trader(stage: Stage) -> None:
    """Open the trader's checks and ask for three, with a visit to the place of the goods.

    Others stay open.
    """
    open_all(stage, "trader", "officer")
    give(stage, "trader", LICENCE, "liang", "officer")
    give(stage, "trader", VISIT, "chen", "officer")
    give(stage, "trader", EXPORT, "chen", "officer")


def export_of_the_trader(stage: Stage) -> None:
    """Submit the trader's export report, which awaits a decision.

    After three reminders of the visit, an officer must phone.
    """
    report(
        stage,
        "trader",
        EXPORT,
        "chen",
        ("未在名单中查到", "声明由工厂出具"),
        not_checked=("on_export_list",),
        confidence=1,
    )


def licence_of_the_trader(stage: Stage) -> None:
    """Submit a report with a question that could not be checked."""
    report(
        stage, "trader", LICENCE, "liang", ("见复印件",), not_checked=("scope_covers_goods",), confidence=2
    )


def burnaby_asks_back(stage: Stage) -> None:
    """Send the report back with a question. Its reminder is due two mornings later."""
    return_report(
        stage.checks[f"trader/{LICENCE}"],
        question="Which goods does the business scope name? A photo of the second page would settle it.",
        by=stage.by("officer"),
        at=stage.at,
    )


def oakville_opens_checks(stage: Stage) -> None:
    """Ask Huai'an to check the company and its certificate."""
    open_all(stage, "paper", "oakville_officer")
    give(stage, "paper", LICENCE, "shen", "oakville_officer")
    give(stage, "paper", CERTIFICATE, "shen", "oakville_officer")
