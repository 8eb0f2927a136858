"""Is it true? Checks are routed to people on the spot: some answer at once, some are reminded, one passes a check on to a
colleague, one report goes back with a question.
"""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from partners.candidates import place_of, suggest
from partners.roles import Power
from procurement.leads import showing
from procurement.leads.actions import verifying
from procurement.management.scenario import pictures
from procurement.management.scenario.stage import Stage
from procurement.suppliers.actions import issuer_checks
from procurement.suppliers.actions.facts import confirm_phone
from procurement.suppliers.models.fact import CompanyFact
from procurement.verification.actions import asking, reporting
from procurement.verification.actions.asking import accept_check, request_check
from procurement.verification.actions.opening import open_checks
from procurement.verification.actions.reporting import send_back
from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.questions import about
from workflow.tongues import in_three

LICENCE, PAPER, VISIT, EXPORT = Check.BUSINESS_LICENCE, Check.CERTIFICATE, Check.VISIT, Check.EXPORT
BANK = Check.BANK


def open_all(stage: Stage, key: str, officer: str) -> None:
    """Open the checks that an offer needs, by rule."""
    for task in open_checks(stage.leads[key], by=stage.by(officer), at=stage.at):
        stage.checks[f"{key}/{task.check_kind}"] = task


def give(stage: Stage, key: str, check: str, contact: str, officer: str) -> None:
    """Ask a contact whom routing names for the place of the company, with its reasons."""
    task = stage.checks[f"{key}/{check}"]
    place = place_of(stage.suppliers[key].place or stage.cities["burnaby"])
    language = stage.staff[officer].language
    suggested = suggest(
        task.city, place, task.city.day_at(stage.at), family="mask", check=check, language=language
    )
    chosen = next(one for one in suggested if one.contact.pk == stage.contacts[contact].pk)
    reasons = [{"code": reason.code, **in_three(reason.words)} for reason in chosen.ranked.reasons]
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
    """A contact sends what they saw, by their link. The remarks are to the questions of the first set, in their order."""
    task = stage.checks[f"{key}/{check}"]
    by, person = stage.by_link(contact, task), stage.contacts[contact]
    words, first = iter(seen), about(task, version=1).codes
    answers = {
        question.code: {
            "answer": "could_not_check" if question.code in not_checked else "yes",
            "seen": next(words, "") if question.code in first else "",
        }
        for question in about(task)
    }
    files = [_attach(stage, task, photo, contact).pk] if photo else []
    reporting.submit(
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
    upload = SimpleUploadedFile("photo.png", pictures.png(words, f"DEMO {task.reference}"), "image/png")
    by = stage.by_link(contact, task)
    return showing.attach(task, upload, by=by, at=stage.at, kind="photo", power=Power.REPORT)


def accept(stage: Stage, key: str, *checks: str, part: str = "officer") -> None:
    """The city is satisfied with these reports."""
    for check in checks:
        task = stage.checks[f"{key}/{check}"]
        reporting.accept(task, judge=stage.staff[part], by=stage.by(part), at=stage.at)


def burnaby_opens_checks(stage: Stage) -> None:
    """The first two offers are checked: in Zhongshan and in Guiyang, where a second pair of eyes looks at the licence."""
    for key, contact in (("maker", "chen"), ("giver", "yang")):
        open_all(stage, key, "officer")
        for name in [name for name in stage.checks if name.startswith(f"{key}/")]:
            check = name.partition("/")[2]
            give(stage, key, check, "luo" if (key, check) == ("giver", LICENCE) else contact, "officer")


def zhongshan_reports(stage: Stage) -> None:
    """Four things are looked up at once; the visit goes to a colleague who lives near the factory."""
    report(
        stage, "maker", LICENCE, "chen", ("见原件", "国家企业信用信息公示系统，名称一致"), method="register"
    )
    report(stage, "maker", PAPER, "chen", ("省药监局网站",), method="register", confidence=2)
    report(stage, "maker", EXPORT, "chen", ("第5号公告声明已备",))
    report(
        stage,
        "maker",
        BANK,
        "chen",
        ("户名与营业执照一致", "拨打我办通讯录中的总机，财务确认尾号 0017"),
        method="call",
    )
    _zhongshan_names_the_switchboard(stage)
    task = stage.checks[f"maker/{VISIT}"]
    stage.checks[f"maker/{VISIT}"] = asking.forward(
        task,
        to=stage.contacts["liang"],
        remark="梁专员住在开发区，请他去看。",
        by=stage.by_link("chen", task),
        at=stage.at,
    )


def _zhongshan_names_the_switchboard(stage: Stage) -> None:
    """The number that was called about the account: the city calls it back before it pays anything."""
    chen, supplier = stage.contacts["chen"], stage.suppliers["maker"]
    confirm_phone(
        supplier,
        supplier.phone,
        how=CompanyFact.How.CALLED,
        contact=chen,
        said_on=stage.day,
        entered_by=chen.user,
        by=stage.by_link("chen", stage.checks[f"maker/{BANK}"]),
        at=stage.at,
    )


def guiyang_reports(stage: Stage) -> None:
    """Everything about the gift, seen in one afternoon."""
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


def burnaby_judges(stage: Stage) -> None:
    """The gift is checked and verified; of the maker's four reports one goes back with a question."""
    accept(stage, "giver", LICENCE, VISIT, EXPORT)
    accept(stage, "maker", LICENCE, EXPORT, BANK)
    send_back(
        stage.checks[f"maker/{PAPER}"],
        question="Does the registration name the very model that is offered? Please send what it says.",
        by=stage.by("officer"),
        at=stage.at,
    )
    verifying.verify(
        stage.leads["giver"], verifier=stage.staff["verifier"], by=stage.by("verifier"), at=stage.at
    )


def zhongshan_answers_the_question(stage: Stage) -> None:
    """The same report once more, with the model's name."""
    report(
        stage,
        "maker",
        PAPER,
        "chen",
        ("省药监局网站及电话", "编号、持有人、日期一致", "型号 AL-S3，与报价一致", "是"),
        method="call",
        summary="已致电核实：注册证载明型号 AL-S3。",
    )


def liang_goes_there(stage: Stage) -> None:
    """He takes the check on after the first reminder."""
    task = stage.checks[f"maker/{VISIT}"]
    accept_check(task, by=stage.by_link("liang", task), at=stage.at)


def liang_reports(stage: Stage) -> None:
    """What he saw in the factory."""
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
    """Two pairs of eyes on every check: then the verifier says that the offer holds."""
    accept(stage, "maker", PAPER, VISIT)
    certificate = stage.suppliers["maker"].certificates.get()
    issuer_checks.confirm(
        certificate,
        how="call",
        address=f"{certificate.issuer} +86 000 5550 0199",
        looked_up_by=stage.staff["officer"],
        reason="Confirmed by phone and in the issuer's own register; see the report of the check.",
        by=stage.by("officer"),
        at=stage.at,
    )
    verifying.verify(
        stage.leads["maker"], verifier=stage.staff["verifier"], by=stage.by("verifier"), at=stage.at
    )


def burnaby_checks_the_trader(stage: Stage) -> None:
    """A trader has the goods from somebody else, so somebody goes and sees where; three checks are still to be given out."""
    open_all(stage, "trader", "officer")
    give(stage, "trader", LICENCE, "liang", "officer")
    give(stage, "trader", VISIT, "chen", "officer")
    give(stage, "trader", EXPORT, "chen", "officer")


def export_of_the_trader(stage: Stage) -> None:
    """One report is in and waits to be judged. The visit was reminded of three times: now somebody phones."""
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
    """A report with a gap."""
    report(
        stage, "trader", LICENCE, "liang", ("见复印件",), not_checked=("scope_covers_goods",), confidence=2
    )


def burnaby_asks_back(stage: Stage) -> None:
    """It goes back with a question; the reminder is due on the day after tomorrow's morning."""
    send_back(
        stage.checks[f"trader/{LICENCE}"],
        question="Which goods does the business scope name? A photo of the second page would settle it.",
        by=stage.by("officer"),
        at=stage.at,
    )


def oakville_opens_checks(stage: Stage) -> None:
    """Huai'an is asked to look at the company and at its paper."""
    open_all(stage, "paper", "oakville_officer")
    give(stage, "paper", LICENCE, "shen", "oakville_officer")
    give(stage, "paper", PAPER, "shen", "oakville_officer")
