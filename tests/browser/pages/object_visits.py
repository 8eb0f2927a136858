"""The pages about one object from need to order: details, inquiries and letters, and the forms of moves."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from partners.cities.models import City
from procurement.leads.models.leads import SupplierLead
from tests.browser.pages import shipment_visits
from tests.browser.pages.visit import KEEPER, NOBODY, OFFICER, Visit, address
from tests.worlds.browsed_pages import World
from tests.worlds.one_of_each.pages import PAGES

# Moves whose page asks something first: object, verbs.
ASKED = {
    "need": "reconfirm share stop withdraw", "inquiry": "decline record_phone_reply redate", "lead": "edit reject withdraw share",
    "rate": "withdraw", "unwanted": "withdraw",
    "finding": "answer uphold", "open check": "cancel redate", "allocation": "reduce undo", "plan": "accept",
    "order": "edit cancel hold write_off use_account", "payment": "pay set_due record_early_request",
    "acknowledgement": "refuse",
    **shipment_visits.ASKED,
    "supplier": "correct merge",
    "lookup": "retract", "company_change": "decline", "companyfact": "select", "certificate": "confirm mark_altered",
    "contact": "suggest_change stop_for_city", "match": "confirm",
}  # fmt: skip
MOVE_NAMES = {thing: f"{thing.replace(' ', '_')}_move" for thing in ASKED} | {
    "acknowledgement": "order_acknowledgement_move",
    "match": "watchlist_match_move",
    "open discrepancy": "discrepancy_move",
    "open check": "check_move",
    "quarantined lot": "lot_move",
    "submission": "submission_move",
    "clearance": "clearance_move",
    "document": "customs_document_move",
    "thank_you": "thank_you_move",
    "rate": "manual_rate_move",
    "unwanted": "unwanted_goods_move",
    "plan": "allocation_plan_move",
    "lookup": "register_lookup_move",
    "company_change": "supplier_change_move",
    "companyfact": "supplier_fact_move",
}


def visits(world: World) -> Iterator[Visit]:
    """Yield the visits to details, letters and forms of moves."""
    yield from _details(world)
    yield from _letters(world)
    yield from _moves(world)


def _details(world: World) -> Iterator[Visit]:
    things = world.things
    redirects = {
        "finding",
        "payment",
        "decision_memo",
        "generated_document",
        "audit_file",
        "clearance",
        "customs_hold",
        "goods_receipt",
        "supplier_fact",
        "order_acknowledgement",
    }
    for name, thing in PAGES.items():
        if name not in redirects:
            yield Visit(name, OFFICER, address(name, things[thing]))
    yield Visit("certificate", OFFICER, address("certificate", things["certificate"]))
    for name in (
        "add_certificate",
        "add_account",
        "add_register_lookup",
        "add_fact",
        "set_supplier_status",
        "hold_orders",
    ):
        yield Visit(name, OFFICER, address(name, things["supplier"]), 422, sent=True)
    yield Visit("edit_city", KEEPER, reverse("edit_city", args=[things["lead"].city.slug]))
    letters = reverse("write_letter_template", args=[things["lead"].city.slug, "en"])
    yield Visit("write_letter_template", OFFICER, letters)  # it opens complete: sent as it is, it is saved
    hook = things["webhook"]
    yield Visit("webhook", KEEPER, hook.get_absolute_url())
    yield Visit("webhook_move", KEEPER, reverse("webhook_move", args=[hook.pk, "edit"]))
    yield Visit("add_webhook", KEEPER, reverse("add_webhook", args=[hook.city.slug]), 422, sent=True)
    yield Visit("compare_leads", OFFICER, comparison_url(things["lead"].city))
    yield Visit("compare_leads", OFFICER, f"{comparison_url(things['lead'].city)}&only=differences")
    needed = things["need"]
    for status in (200, 422):
        fixed = reverse("criteria", args=[needed.reference, needed.lines.get().pk])
        yield Visit("criteria", OFFICER, fixed, status, sent=status == 422)
    changed = reverse("change_allocation_plan_row", args=[things["plan"].reference, things["plan row"].pk])
    for status in (200, 422):
        yield Visit("change_allocation_plan_row", OFFICER, changed, status, sent=status == 422)
    yield from _edited_rows(world)
    yield Visit("add_allocation_plan", OFFICER, reverse("add_allocation_plan"), 422, sent=True)
    draft = things["draft need"].reference
    for step in (1, 2, 3, 4):
        yield Visit("write_need", OFFICER, reverse("write_need", args=[draft, step]))
    yield Visit("write_need", OFFICER, reverse("write_need", args=[draft, 2]), 422, sent=True)
    yield Visit("review_need", OFFICER, reverse("review_need", args=[draft]))
    line = things["draft need"].lines.get()
    yield Visit("add_line", OFFICER, reverse("add_line", args=[draft]))
    yield Visit("add_line", OFFICER, reverse("add_line", args=[draft]), 422, sent=True)
    yield Visit("need_line", OFFICER, reverse("need_line", args=[draft, line.pk]))
    yield Visit("need", OFFICER, things["draft need"].get_absolute_url())
    yield Visit("need", OFFICER, f"{things['need'].get_absolute_url()}?activity")
    yield Visit(
        "ask_contact", OFFICER, reverse("ask_contact", args=[things["need"].reference, things["contact"].pk])
    )
    yield Visit("ask_several", OFFICER, reverse("ask_several", args=[things["need"].reference]))
    yield Visit(
        "answer_page_preview",
        OFFICER,
        reverse("answer_page_preview", args=[things["need"].reference, things["contact"].pk]),
    )


def _edited_rows(world: World) -> Iterator[Visit]:
    """Yield the visits to lists with an opened row, and to the form of the row alone."""
    for name, thing in (
        ("needs", "need"),
        ("leads", "lead"),
        ("checks", "open check"),
        ("shipments", "shipment"),
    ):
        yield Visit(name, OFFICER, f"{reverse(name)}?change={world.things[thing].reference}")
    yield Visit("orders", OFFICER, f"{reverse('orders')}?change={world.things['draft order'].reference}")
    row = reverse("edit_row", args=[world.things["need"].reference, "needs", "edit"])
    yield Visit("edit_row", OFFICER, row)  # it opens complete: sent as it is, it is saved


def comparison_url(city: City) -> str:
    """Return the address that compares the newest five offers to a city, the most that fit."""
    newest = SupplierLead.objects.filter(city=city).exclude(status="draft").order_by("-pk")[:5]
    asked = urlencode([("lead", lead.reference) for lead in newest])
    return f"{reverse('compare_leads')}?{asked}"


def _letters(world: World) -> Iterator[Visit]:
    unsent, sent = world.things["unsent inquiry"], world.things["inquiry"]
    yield Visit("inquiry_move", OFFICER, f"{unsent.get_absolute_url()}revise/")
    silent, returned = world.things["silent inquiry"], world.things["returned inquiry"]
    for question in (silent, returned):
        yield Visit("inquiry", OFFICER, question.get_absolute_url())
    yield Visit("inquiry_move", OFFICER, f"{silent.get_absolute_url()}ask_next/")
    yield Visit("contact", OFFICER, returned.contact.get_absolute_url())
    for status in (200, 422):
        other = f"{returned.contact.get_absolute_url()}new_address/"
        yield Visit("contact_move", KEEPER, other, status, sent=status == 422)
    for need in ("need", "draft need"):  # with and without an inquiry
        yield Visit("inbox", OFFICER, reverse("inbox", args=[world.things[need].reference]))
    for question in (sent, silent):  # before a reminder and after three
        yield Visit("reminder", OFFICER, reverse("reminder", args=[question.reference]))
    offer = reverse("inquiry_offer", args=[sent.reference])
    for status in (200, 422):
        yield Visit("inquiry_offer", OFFICER, offer, status, sent=status == 422)
    yield Visit("public_unwanted_goods", NOBODY, reverse("public_unwanted_goods"))
    yield Visit("verify_letter", NOBODY, reverse("verify_letter", args=[sent.letter.code]))
    genuine = reverse("verify_decision_memo", args=[world.things["memo"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("verify_decision_memo", NOBODY, f"{genuine}{asked}")
    without = world.things["draft order"]
    yield Visit("order_documents", OFFICER, reverse("order_documents", args=[without.reference]))


def _moves(world: World) -> Iterator[Visit]:
    for thing, verbs in ASKED.items():
        for verb in verbs.split():
            yield Visit(MOVE_NAMES[thing], OFFICER, f"{world.things[thing].get_absolute_url()}{verb}/")
    for verb in ("correct", "go_away", "name_deputy"):
        yield Visit("contact_move", KEEPER, f"{world.things['contact'].get_absolute_url()}{verb}/")
    for verb in ("correct", "suspend", "end", "renew"):
        yield Visit("agreement_move", KEEPER, f"{world.things['agreement'].get_absolute_url()}{verb}/")
    yield Visit("agreement_move", KEEPER, f"{world.things['ended agreement'].get_absolute_url()}undo_end/")
    yield Visit(
        "agreement_move", KEEPER, f"{world.things['agreement'].get_absolute_url()}end/", 422, sent=True
    )
    need = world.things["need"].get_absolute_url()
    yield Visit("need_move", OFFICER, f"{need}stop/", 422, sent=True)
