"""Scenario steps: contacts check companies and report; with reminders, a forwarded check and a returned report."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from partners.powers import Power
from partners.routing.recommendations import recommend_contacts, routing_place
from procurement.catalogue.routing_goods import goods_by_family
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.actions.leads import verify_lead
from procurement.management.scenario import sample_files
from procurement.management.scenario.state import ScenarioState
from procurement.suppliers.actions.certificates import confirm_certificate
from procurement.suppliers.actions.facts import confirm_phone
from procurement.suppliers.models.facts import SupplierFact
from procurement.verification.actions.assignment import accept_check, forward_check, request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import accept_report, return_report, submit_report
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.questions import questions_for_task
from workflow.i18n import translate_all

LICENCE, CERTIFICATE, VISIT, EXPORT = (
    CheckKind.BUSINESS_LICENCE,
    CheckKind.CERTIFICATE,
    CheckKind.VISIT,
    CheckKind.EXPORT_PERMISSION,
)
BANK_CHECK = CheckKind.BANK_ACCOUNT


def open_all_checks(scenario: ScenarioState, key: str, officer: str) -> None:
    """Open the checks that the rules require for an offer."""
    for task in open_checks(scenario.leads[key], by=scenario.by(officer), at=scenario.now):
        scenario.checks[f"{key}/{task.check_kind}"] = task


def assign_check(scenario: ScenarioState, key: str, check: str, contact: str, officer: str) -> None:
    """Ask a contact suggested for the company's place to make a check, with the reasons."""
    task = scenario.checks[f"{key}/{check}"]
    place = routing_place(scenario.suppliers[key].place or scenario.cities["burnaby"])
    language = scenario.staff[officer].language
    suggested = recommend_contacts(
        task.city,
        place,
        task.city.day_at(scenario.now),
        goods=goods_by_family([task.lead.product]),
        check=check,
        language=language,
    )
    chosen = next(one for one in suggested if one.contact.pk == scenario.contacts[contact].pk)
    reasons = [
        {"code": reason.code, **translate_all(reason.sentence)} for reason in chosen.ranked_contact.reasons
    ]
    request_check(task, chosen.contact, reasons=reasons, by=scenario.by(officer), at=scenario.now)


def record_report(
    scenario: ScenarioState,
    key: str,
    check: str,
    contact: str,
    seen: Iterable[str] = (),
    *,
    photo: str = "",
    not_checked: tuple[str, ...] = (),
    **facts: Any,
) -> None:
    """Submit a contact's report by link. `seen`: remarks on the questions of the first version of the question set, in order."""
    task = scenario.checks[f"{key}/{check}"]
    by, person = scenario.by_link(contact, task), scenario.contacts[contact]
    words, first = iter(seen), questions_for_task(task, version=1).codes
    answers = {
        question.code: {
            "answer": "could_not_check" if question.code in not_checked else "yes",
            "seen": next(words, "") if question.code in first else "",
        }
        for question in questions_for_task(task)
    }
    files = [_add_evidence(scenario, task, photo, contact).pk] if photo else []
    submit_report(
        task,
        answers=answers,
        seen_on=scenario.today,
        author=person.user,
        files=files,
        by=by,
        at=scenario.now,
        **{"method": "document", "confidence": 3, "place": scenario.suppliers[key].address, **facts},
    )


def _add_evidence(scenario: ScenarioState, task: VerificationTask, words: str, contact: str) -> Any:
    upload = SimpleUploadedFile(
        "photo.png", sample_files.sample_png(words, f"DEMO {task.reference}"), "image/png"
    )
    by = scenario.by_link(contact, task)
    return attach_file_and_flag_companies(
        task, upload, by=by, at=scenario.now, kind="photo", power=Power.REPORT_ON_CHECK
    )


def accept_reports(scenario: ScenarioState, key: str, *checks: str, role_key: str = "officer") -> None:
    """Accept these reports for the city."""
    for check in checks:
        task = scenario.checks[f"{key}/{check}"]
        accept_report(task, reviewer=scenario.staff[role_key], by=scenario.by(role_key), at=scenario.now)


def burnaby_opens_checks(scenario: ScenarioState) -> None:
    """Open the checks of the first two offers, in Zhongshan and in Guiyang.

    In Guiyang a second person checks the business licence.
    """
    for key, contact in (("maker", "chen"), ("giver", "yang")):
        open_all_checks(scenario, key, "officer")
        for name in [name for name in scenario.checks if name.startswith(f"{key}/")]:
            check = name.partition("/")[2]
            assign_check(
                scenario, key, check, "luo" if (key, check) == ("giver", LICENCE) else contact, "officer"
            )


def zhongshan_submits_reports(scenario: ScenarioState) -> None:
    """Submit four reports. The visit passes to a colleague who lives near the factory."""
    record_report(
        scenario,
        "maker",
        LICENCE,
        "chen",
        ("见原件", "国家企业信用信息公示系统，名称一致"),
        method="register",
    )
    record_report(scenario, "maker", CERTIFICATE, "chen", ("省药监局网站",), method="register", confidence=2)
    record_report(scenario, "maker", EXPORT, "chen", ("第5号公告声明已备",))
    record_report(
        scenario,
        "maker",
        BANK_CHECK,
        "chen",
        ("户名与营业执照一致", "拨打我办通讯录中的总机，财务确认尾号 0017"),
        method="phone",
    )
    _zhongshan_confirms_phone(scenario)
    task = scenario.checks[f"maker/{VISIT}"]
    scenario.checks[f"maker/{VISIT}"] = forward_check(
        task,
        to=scenario.contacts["liang"],
        remark="梁专员住在开发区，请他去看。",
        by=scenario.by_link("chen", task),
        at=scenario.now,
    )


def _zhongshan_confirms_phone(scenario: ScenarioState) -> None:
    """Confirm the manufacturer's phone number, which the city calls back before it pays."""
    chen, supplier = scenario.contacts["chen"], scenario.suppliers["maker"]
    confirm_phone(
        supplier,
        supplier.phone,
        how=SupplierFact.CheckMethod.PHONED,
        contact=chen,
        stated_on=scenario.today,
        entered_by=chen.user,
        by=scenario.by_link("chen", scenario.checks[f"maker/{BANK_CHECK}"]),
        at=scenario.now,
    )


def guiyang_submits_reports(scenario: ScenarioState) -> None:
    """Submit all reports on the donation, from one afternoon."""
    record_report(
        scenario, "giver", LICENCE, "luo", ("见原件", "国家企业信用信息公示系统，名称一致"), method="register"
    )
    record_report(
        scenario,
        "giver",
        VISIT,
        "yang",
        ("车间在此", "十箱，批号 QL200318", "包装标注 EN 14683 Type IIR"),
        photo="10 cartons  QL200318",
        method="visit",
        summary="看到成品十箱，已封箱待运。",
    )
    record_report(scenario, "giver", EXPORT, "yang")


def burnaby_reviews_checks(scenario: ScenarioState) -> None:
    """Accept the reports on the donation and verify it. Send one of the manufacturer's reports back."""
    accept_reports(scenario, "giver", LICENCE, VISIT, EXPORT)
    accept_reports(scenario, "maker", LICENCE, EXPORT, BANK_CHECK)
    return_report(
        scenario.checks[f"maker/{CERTIFICATE}"],
        question="Does the registration name the very model that is offered? Please send what it says.",
        by=scenario.by("officer"),
        at=scenario.now,
    )
    verify_lead(
        scenario.leads["giver"],
        verifier=scenario.staff["verifier"],
        by=scenario.by("verifier"),
        at=scenario.now,
    )


def zhongshan_submits_again(scenario: ScenarioState) -> None:
    """Submit the report again, with the model's name."""
    record_report(
        scenario,
        "maker",
        CERTIFICATE,
        "chen",
        ("省药监局网站及电话", "编号、持有人、日期一致", "型号 AL-S3，与报价一致", "是"),
        method="phone",
        summary="已致电核实：注册证载明型号 AL-S3。",
    )


def colleague_accepts_visit(scenario: ScenarioState) -> None:
    """Accept the visit, after the first reminder."""
    task = scenario.checks[f"maker/{VISIT}"]
    accept_check(task, by=scenario.by_link("liang", task), at=scenario.now)


def colleague_reports_visit(scenario: ScenarioState) -> None:
    """Submit the report on the visit to the factory."""
    record_report(
        scenario,
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


def burnaby_verifies_offer(scenario: ScenarioState) -> None:
    """Accept the last reports, confirm the certificate and verify the manufacturer's offer."""
    accept_reports(scenario, "maker", CERTIFICATE, VISIT)
    certificate = scenario.suppliers["maker"].certificates.get()
    confirm_certificate(
        certificate,
        how="phone",
        address=f"{certificate.issuer} +86 000 5550 0199",
        looked_up_by=scenario.staff["officer"],
        reason="Confirmed by phone and in the issuer's own register; see the report of the check.",
        by=scenario.by("officer"),
        at=scenario.now,
    )
    verify_lead(
        scenario.leads["maker"],
        verifier=scenario.staff["verifier"],
        by=scenario.by("verifier"),
        at=scenario.now,
    )


def burnaby_requests_trader_checks(scenario: ScenarioState) -> None:
    """Open the trader's checks and ask for three, with a visit to the place of the goods.

    Others stay open.
    """
    open_all_checks(scenario, "trader", "officer")
    assign_check(scenario, "trader", LICENCE, "liang", "officer")
    assign_check(scenario, "trader", VISIT, "chen", "officer")
    assign_check(scenario, "trader", EXPORT, "chen", "officer")


def trader_export_is_reported(scenario: ScenarioState) -> None:
    """Submit the trader's export report, which awaits a decision.

    After three reminders of the visit, an officer must phone.
    """
    record_report(
        scenario,
        "trader",
        EXPORT,
        "chen",
        ("未在名单中查到", "声明由工厂出具"),
        not_checked=("on_export_list",),
        confidence=1,
    )


def trader_licence_is_reported(scenario: ScenarioState) -> None:
    """Submit a report with a question that could not be checked."""
    record_report(
        scenario, "trader", LICENCE, "liang", ("见复印件",), not_checked=("scope_covers_goods",), confidence=2
    )


def burnaby_returns_report(scenario: ScenarioState) -> None:
    """Send the report back with a question. Its reminder is due two mornings later."""
    return_report(
        scenario.checks[f"trader/{LICENCE}"],
        question="Which goods does the business scope name? A photo of the second page would settle it.",
        by=scenario.by("officer"),
        at=scenario.now,
    )


def oakville_opens_checks(scenario: ScenarioState) -> None:
    """Ask Huai'an to check the company and its certificate."""
    open_all_checks(scenario, "paper", "oakville_officer")
    assign_check(scenario, "paper", LICENCE, "shen", "oakville_officer")
    assign_check(scenario, "paper", CERTIFICATE, "shen", "oakville_officer")
