"""Scenario steps: four cities post needs and ask contacts in their partner cities."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import set_need_approval
from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.management.scenario.state import ScenarioState
from procurement.outreach.actions.inquiries import draft_inquiry, give_consent, send_or_ask_partner
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.letter_templates.actions import save_letter_template
from procurement.outreach.letters import compose_letter
from procurement.outreach.queries.contacts import intermediary_city, suggested_contacts
from procurement.outreach.queries.letters import agreements_with, signing_officer
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request, post_request
from procurement.requests.alternatives.rules import Alternative
from procurement.requests.approval.actions import submit_request
from procurement.requests.models import SupplyRequest
from procurement.requests.unwanted_goods.actions import add_unwanted_goods
from procurement.requests.unwanted_goods.models import UnwantedGoods
from workflow.comments_and_files.actions import add_comment
from workflow.i18n import translate_all

# Markham's words of letters by language: subject and message.
MARKHAM_LETTERS = {
    "en": (
        "{our_city} asks {city} for help",
        """Dear {name},

Our mayor sends greetings to {city}. {tie} {need}

The link in our email opens a short form. If you cannot help, please tell us on the same page.

On behalf of {our_city}

{signature}""",
    ),
    "zh-hans": (
        "{our_city}向{city}求助",
        """{name}：

我市市长向{city}致以问候。{tie}{need}

邮件中的链接可打开一份简短表格。如无法协助，请在同一页面告知。

{our_city}

{signature}""",
    ),
}
SURGICAL_MASK_STANDARDS = ("ASTM-F2100-L2", "ASTM-F2100-L3", "EN14683-IIR")


def need_line(product: str, quantity: int, *standards: str, **facts: Any) -> LineFacts:
    """Return a need line, by catalogue codes."""
    return LineFacts(
        product=Product.objects.get(code=product),
        quantity=quantity,
        standards=list(Standard.objects.filter(code__in=standards).order_by("code")),
        currency="CAD",
        **facts,
    )


def gown_alternatives() -> list[Alternative]:
    """Return what Burnaby takes instead of gowns: coveralls that meet the European or the Chinese standard."""
    coverall = Product.objects.get(code="COVERALL")
    standards = {one.code: one for one in Standard.objects.filter(code__in=("EN14126", "GB19082-2009"))}
    return [Alternative(coverall, standards["EN14126"]), Alternative(coverall, standards["GB19082-2009"])]


def draft_need(
    scenario: ScenarioState, city: str, officer: str, lines: list[LineFacts], **facts: Any
) -> SupplyRequest:
    """Write a need."""
    user, by = scenario.staff[officer], scenario.by(officer)
    given: dict[str, Any] = {
        "declared_use": "medical",
        "facility_kinds": ["hospital"],
        "importer_of_record": f"City of {scenario.cities[city].name_en}",
        "accepts": ["purchase", "donation"],
        "visibility": "network",
        "notes_language": user.language,
        **facts,
    }
    return draft_request(scenario.cities[city], author=user, by=by, at=scenario.now, lines=lines, **given)


def post_need(
    scenario: ScenarioState, city: str, officer: str, lines: list[LineFacts], *, key: str = "", **facts: Any
) -> None:
    """Write a need and post it. `key` names it in the scenario; by default its city does."""
    need = draft_need(scenario, city, officer, lines, **facts)
    scenario.needs[key or city] = post_request(need, by=scenario.by(officer), at=scenario.now)


def burnaby_posts_need(scenario: ScenarioState) -> None:
    """Post Burnaby's need: surgical masks, respirators and gowns for its hospital and care homes."""
    post_need(
        scenario,
        "burnaby",
        "officer",
        [
            need_line(
                "MASK_SURG",
                200_000,
                *SURGICAL_MASK_STANDARDS,
                runs_out_on=date(2020, 4, 27),
                priority=2,
                max_unit_price=Decimal("1.20"),
            ),
            need_line("RESP_KN95", 60_000, "GB2626-2006-KN95", runs_out_on=date(2020, 4, 24), priority=1),
            need_line(
                "GOWN_ISO_L2",
                10_000,
                "AAMI-PB70-L2",
                runs_out_on=date(2020, 4, 21),
                use_per_day=450,
                priority=1,
                alternatives=gown_alternatives(),
            ),
        ],
        title="Masks, respirators and gowns for hospital and care homes",
        deliver_to="City stores, receiving dock 2, Burnaby BC (DEMO)",
        deliver_locode="CAVAN",
        needed_by=date(2020, 4, 30),
        reconfirm_by=date(2020, 4, 20),
        notes="The hospital counts every morning; the gowns are the shortest. Cartons by hand truck only, please.",
    )


def burnaby_posts_home_care_need(scenario: ScenarioState) -> None:
    """Post a second need of Burnaby, for which masks of the first one's offer are still free."""
    post_need(
        scenario,
        "burnaby",
        "officer",
        [need_line("MASK_SURG", 25_000, *SURGICAL_MASK_STANDARDS, runs_out_on=date(2020, 5, 11))],
        key="burnaby home care",
        title="Surgical masks for home care",
        facility_kinds=["home_care"],
        deliver_to="City stores, receiving dock 2, Burnaby BC (DEMO)",
        deliver_locode="CAVAN",
        needed_by=date(2020, 5, 8),
        reconfirm_by=date(2020, 4, 29),
    )


def markham_posts_need(scenario: ScenarioState) -> None:
    """Post Markham's need: surgical masks for long-term care."""
    post_need(
        scenario,
        "markham",
        "markham_officer",
        [need_line("MASK_SURG", 80_000, *SURGICAL_MASK_STANDARDS, runs_out_on=date(2020, 4, 25), priority=2)],
        title="Surgical masks for long-term care homes",
        deliver_to="Operations centre, Markham ON (DEMO)",
        deliver_locode="CAYYZ",
        needed_by=date(2020, 4, 28),
        reconfirm_by=date(2020, 4, 24),
    )


def lethbridge_posts_need(scenario: ScenarioState) -> None:
    """Post Lethbridge's need: a small number of surgical masks for its regional hospital."""
    post_need(
        scenario,
        "lethbridge",
        "lethbridge_officer",
        [need_line("MASK_SURG", 25_000, "ASTM-F2100-L2", "ASTM-F2100-L3", runs_out_on=date(2020, 4, 30))],
        title="Surgical masks for the regional hospital",
        deliver_to="Fire hall stores, Lethbridge AB (DEMO)",
        deliver_locode="CAYQL",
        needed_by=date(2020, 5, 8),
        reconfirm_by=date(2020, 4, 27),
    )


def lethbridge_sends_need_for_approval(scenario: ScenarioState) -> None:
    """Let Lethbridge approve needs above CAD 10,000, and send it one of CAD 15,200, which waits for its approver."""
    set_need_approval(
        scenario.cities["lethbridge"],
        City.NeedApproval.ABOVE,
        limit=Decimal(10_000),
        by=CONSOLE_ACTOR,
        at=scenario.now,
        reason="DEMO: council decision for the practice scenario",
    )
    need = draft_need(
        scenario,
        "lethbridge",
        "lethbridge_officer",
        [need_line("GLOVE_EXAM_NITRILE", 40_000, max_unit_price=Decimal("0.38"))],
        title="Examination gloves for the regional hospital",
        deliver_to="Fire hall stores, Lethbridge AB (DEMO)",
        deliver_locode="CAYQL",
        needed_by=date(2020, 5, 15),
    )
    submit_request(need, by=scenario.by("lethbridge_officer"), at=scenario.now)


def oakville_posts_need(scenario: ScenarioState) -> None:
    """Post Oakville's need, in French: masks and face shields."""
    post_need(
        scenario,
        "oakville",
        "oakville_officer",
        [
            need_line("MASK_SURG", 40_000, *SURGICAL_MASK_STANDARDS, runs_out_on=date(2020, 4, 28)),
            need_line("FACE_SHIELD", 5_000, runs_out_on=date(2020, 5, 6)),
        ],
        title="Masques chirurgicaux et visières pour l’hôpital",
        deliver_to="Dépôt municipal, Oakville ON (DEMO)",
        deliver_locode="CAYYZ",
        needed_by=date(2020, 5, 4),
        reconfirm_by=date(2020, 4, 22),
        notes="Livraison en semaine, de 8 h à 16 h.",
    )


def ask_contact(scenario: ScenarioState, city: str, officer: str, contact: str) -> None:
    """Ask a contact suggested for this need, with the reasons, in the contact's language."""
    need, user, by = scenario.needs[city], scenario.staff[officer], scenario.by(officer)
    lines = list(need.lines.select_related("product").order_by("position"))
    suggested = suggested_contacts(need, scenario.now, user.language)
    chosen = next(one for one in suggested if one.contact.pk == scenario.contacts[contact].pk)
    there = chosen.contact.city_id
    agreement = agreements_with(need.city, [there], need.city.day_at(scenario.now)).get(there)
    theirs, own = (
        compose_letter(
            need,
            lines,
            chosen.contact,
            language,
            agreement=agreement,
            signatory=signing_officer(user, need.city),
        )
        for language in (chosen.contact.user.language, user.language)
    )
    inquiry = draft_inquiry(
        need,
        chosen.contact,
        subject=theirs.subject,
        body=theirs.body,
        body_own="" if chosen.contact.user.language == user.language else own.body,
        through_city=intermediary_city(chosen),
        reasons=[
            {"code": reason.code, **translate_all(reason.sentence)}
            for reason in chosen.ranked_contact.reasons
        ],
        author=user,
        by=by,
        at=scenario.now,
    )
    scenario.inquiries[f"{city}/{contact}"] = send_or_ask_partner(inquiry, by=by, at=scenario.now)


def partners_are_asked(scenario: ScenarioState) -> None:
    """Ask contacts in each city's partner cities."""
    ask_contact(scenario, "burnaby", "officer", "chen")
    ask_contact(scenario, "burnaby", "officer", "yang")
    ask_contact(scenario, "markham", "markham_officer", "zhou")
    ask_contact(scenario, "lethbridge", "lethbridge_officer", "guo")
    ask_contact(scenario, "oakville", "oakville_officer", "shen")
    ask_contact(scenario, "oakville", "oakville_officer", "xu")
    add_comment(
        scenario.needs["burnaby"],
        "Zhongshan and Guiyang are asked. I will phone Zhongshan tonight, when their office opens.",
        by=scenario.by("officer"),
        at=scenario.now,
        language="en",
    )


def huaian_contact_declines(scenario: ScenarioState) -> None:
    """Decline an inquiry, as the second contact in Huai'an."""
    inquiry = scenario.inquiries["oakville/xu"]
    decline_inquiry(
        inquiry, remark="本人不熟悉厂家，请联系沈主管。", by=scenario.by_link("xu", inquiry), at=scenario.now
    )


def markham_asks_zhongshan(scenario: ScenarioState) -> None:
    """Ask Markham's other partner city, since Wuhan's price was too high. The answer is open."""
    ask_contact(scenario, "markham", "markham_officer", "chen")


def burnaby_asks_through_zhongshan(scenario: ScenarioState) -> None:
    """Ask a contact in Markham through Zhongshan, the partner city of both. Zhongshan is asked first."""
    ask_contact(scenario, "burnaby", "officer", "whitcombe")


def zhongshan_agrees_until_june(scenario: ScenarioState) -> None:
    """Agree by link that Burnaby can ask this contact until the end of June, as the contact who was asked."""
    inquiry = scenario.inquiries["burnaby/whitcombe"]
    key = next(key for key, one in scenario.contacts.items() if one == inquiry.introducer)
    give_consent(
        inquiry,
        introduction="Burnaby is our sister city, as Markham is. We would be glad if you could help.",
        until=date(2020, 6, 30),
        by=scenario.by_link(key, inquiry),
        at=scenario.now,
    )


def burnaby_lists_unwanted_goods(scenario: ScenarioState) -> None:
    """List what Burnaby asks people not to send: respirators without a test report, and gloves until the end of June."""
    city, by = scenario.cities["burnaby"], scenario.by("officer")
    add_unwanted_goods(
        city,
        family=Product.Family.RESPIRATOR,
        condition=UnwantedGoods.Condition.NO_TEST_REPORT,
        reason="Our hospital cannot release respirators without a test report.",
        by=by,
        at=scenario.now,
    )
    add_unwanted_goods(
        city,
        family=Product.Family.GLOVE,
        reason="Our store holds gloves for a year and has no more room.",
        ends_on=date(2020, 6, 30),
        by=by,
        at=scenario.now,
    )


def markham_writes_letter_templates(scenario: ScenarioState) -> None:
    """Save the mayor's greeting as Markham's letter templates, in English and Chinese."""
    for language, (subject, body) in MARKHAM_LETTERS.items():
        save_letter_template(
            scenario.cities["markham"],
            language=language,
            subject=subject,
            body=body,
            by=scenario.by("markham_officer"),
            at=scenario.now,
        )
