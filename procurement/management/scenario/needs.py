"""Four cities say what they need, and ask their partners: whom, routing says; the words, outreach writes."""

from datetime import date
from decimal import Decimal
from typing import Any

from partners.candidates import suggest
from partners.routing.values import Place
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.management.scenario.stage import Stage
from procurement.outreach.actions import answering, asking, writing
from procurement.outreach.letters import compose
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts
from workflow import actions
from workflow.tongues import in_three

SURGICAL = ("ASTM-F2100-L2", "ASTM-F2100-L3", "EN14683-IIR")


def line(product: str, quantity: int, *standards: str, **facts: Any) -> LineFacts:
    """A line of a need, by codes of the catalogue."""
    return LineFacts(
        product=Product.objects.get(code=product),
        quantity=quantity,
        standards=list(Standard.objects.filter(code__in=standards).order_by("code")),
        currency="CAD",
        **facts,
    )


def post(stage: Stage, city: str, officer: str, lines: list[LineFacts], **facts: Any) -> None:
    """Write a need and post it."""
    user, by = stage.staff[officer], stage.by(officer)
    given: dict[str, Any] = {
        "declared_use": "medical",
        "facility_kinds": ["hospital"],
        "importer_of_record": f"City of {stage.cities[city].name_en}",
        "accepts": ["purchase", "donation"],
        "visibility": "network",
        "notes_language": user.language,
        **facts,
    }
    need = needs.draft(stage.cities[city], author=user, by=by, at=stage.at, lines=lines, **given)
    stage.needs[city] = needs.post(need, by=by, at=stage.at)


def burnaby_posts(stage: Stage) -> None:
    """Burnaby: surgical masks and respirators for its hospital and care homes, gowns that are nearly gone."""
    post(
        stage,
        "burnaby",
        "officer",
        [
            line("MASK_SURG", 200_000, *SURGICAL, days_left=11, priority=2, max_unit_price=Decimal("1.20")),
            line("RESP_KN95", 60_000, "GB2626-2006-KN95", days_left=8, priority=1),
            line("GOWN_ISO_L2", 10_000, "AAMI-PB70-L2", days_left=5, priority=1, alternatives_allowed=True),
        ],
        title="Masks, respirators and gowns for hospital and care homes",
        deliver_to="City stores, receiving dock 2, Burnaby BC (DEMO)",
        deliver_locode="CAVAN",
        needed_by=date(2020, 4, 30),
        reconfirm_by=date(2020, 4, 20),
        notes="The hospital counts every morning; the gowns are the shortest. Cartons by hand truck only, please.",
    )


def markham_posts(stage: Stage) -> None:
    """Markham: surgical masks for long-term care."""
    post(
        stage,
        "markham",
        "markham_officer",
        [line("MASK_SURG", 80_000, *SURGICAL, days_left=9, priority=2)],
        title="Surgical masks for long-term care homes",
        deliver_to="Operations centre, Markham ON (DEMO)",
        deliver_locode="CAYYZ",
        needed_by=date(2020, 4, 28),
        reconfirm_by=date(2020, 4, 24),
    )


def lethbridge_posts(stage: Stage) -> None:
    """Lethbridge: a small number of surgical masks for its regional hospital."""
    post(
        stage,
        "lethbridge",
        "lethbridge_officer",
        [line("MASK_SURG", 25_000, "ASTM-F2100-L2", "ASTM-F2100-L3", days_left=14)],
        title="Surgical masks for the regional hospital",
        deliver_to="Fire hall stores, Lethbridge AB (DEMO)",
        deliver_locode="CAYQL",
        needed_by=date(2020, 5, 8),
        reconfirm_by=date(2020, 4, 27),
    )


def oakville_posts(stage: Stage) -> None:
    """Oakville: masks and face shields, written in French by its officer."""
    post(
        stage,
        "oakville",
        "oakville_officer",
        [line("MASK_SURG", 40_000, *SURGICAL, days_left=12), line("FACE_SHIELD", 5_000, days_left=20)],
        title="Masques chirurgicaux et visières pour l’hôpital",
        deliver_to="Dépôt municipal, Oakville ON (DEMO)",
        deliver_locode="CAYYZ",
        needed_by=date(2020, 5, 4),
        reconfirm_by=date(2020, 4, 22),
        notes="Livraison en semaine, de 8 h à 16 h.",
    )


def ask(stage: Stage, city: str, officer: str, contact: str) -> None:
    """Ask a contact whom routing names for this need, with its reasons, in their language."""
    need, user, by = stage.needs[city], stage.staff[officer], stage.by(officer)
    lines = list(need.lines.select_related("product").order_by("position"))
    suggested = suggest(
        need.city, Place(), need.city.day_at(stage.at), family=lines[0].product.family, language=user.language
    )
    chosen = next(one for one in suggested if one.contact.pk == stage.contacts[contact].pk)
    theirs = compose(need, lines, chosen.contact, chosen.contact.user.language)
    own = compose(need, lines, chosen.contact, user.language)
    inquiry = writing.propose(
        need,
        chosen.contact,
        subject=theirs.subject,
        body=theirs.body,
        body_own=own.body,
        reasons=[{"code": reason.code, **in_three(reason.words)} for reason in chosen.ranked.reasons],
        author=user,
        by=by,
        at=stage.at,
    )
    stage.inquiries[f"{city}/{contact}"] = asking.send(inquiry, by=by, at=stage.at)


def partners_are_asked(stage: Stage) -> None:
    """Each city asks whom routing puts first, in its own partner cities."""
    ask(stage, "burnaby", "officer", "chen")
    ask(stage, "burnaby", "officer", "yang")
    ask(stage, "markham", "markham_officer", "zhou")
    ask(stage, "lethbridge", "lethbridge_officer", "guo")
    ask(stage, "oakville", "oakville_officer", "shen")
    ask(stage, "oakville", "oakville_officer", "xu")
    actions.comment(
        stage.needs["burnaby"],
        "Zhongshan and Guiyang are asked. I will phone Zhongshan tonight, when their office opens.",
        by=stage.by("officer"),
        at=stage.at,
        language="en",
    )


def one_cannot(stage: Stage) -> None:
    """The second person in Huai'an cannot help, and says so with one tap."""
    inquiry = stage.inquiries["oakville/xu"]
    answering.decline(
        inquiry, remark="本人不熟悉厂家，请联系沈主管。", by=stage.by_link("xu", inquiry), at=stage.at
    )


def markham_asks_zhongshan(stage: Stage) -> None:
    """Wuhan's price was out of reach, so Markham asks its other partner. Nobody has answered yet."""
    ask(stage, "markham", "markham_officer", "chen")
