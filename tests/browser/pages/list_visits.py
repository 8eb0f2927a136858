"""The pages of lists and reference data, with rows, without rows, and for searches that find nothing."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import KEEPER, LETTER, NEWCOMER, OFFICER, Visit
from tests.rights.pages_table import HOMES
from workflow.outbox.file_backend import mail_key


def visits() -> Iterator[Visit]:
    """Yield the visits to lists, their forms for new objects, and empty lists."""
    yield from _lists()
    yield from _empty()


def _lists() -> Iterator[Visit]:
    for name in sorted(name for name, who in HOMES.items() if "own officer" in who):
        yield Visit(name, OFFICER, reverse(name))
    for name in (
        "add_need",
        "add_lead",
        "add_manual_rate",
        "add_unwanted_goods",
        "add_supplier",
        "plan_shipment",
        "api_tokens",
    ):
        yield Visit(name, OFFICER, reverse(name), 422, sent=True)
    yield Visit(
        "notification_preferences", OFFICER, reverse("notification_preferences"), sent=True
    )  # every field has a choice, so the form is saved
    for name in ("watchlists", "watchlist_matches"):
        yield Visit(name, OFFICER, reverse(name))
        yield Visit(name, OFFICER, f"{reverse(name)}?q=nothing-of-the-kind")
    yield Visit("certificate_types", OFFICER, reverse("certificate_types"))
    yield Visit("certificate_types", OFFICER, f"{reverse('certificate_types')}?q=nothing-of-the-kind")
    for name in (
        "help",
        "help_contact",
        "help_glossary",
        "help_keys",
        "help_webhooks",
        "help_who_can",
        "help_first_run",
    ):
        yield Visit(name, OFFICER, reverse(name))
    yield Visit("order_figures", OFFICER, reverse("order_figures"))
    yield Visit("help_role", OFFICER, reverse("help_role", args=["officer"]))
    yield Visit("rules", OFFICER, reverse("rules"))
    yield Visit("practice_mail", OFFICER, reverse("practice_mail", args=[mail_key({"Message-ID": LETTER})]))
    yield Visit("rule", OFFICER, reverse("rule", args=["prepayment_high"]))
    yield Visit("rules about certificates", OFFICER, f"{reverse('rules')}?kinds=1")
    yield Visit("rules", OFFICER, f"{reverse('rules')}?q=nothing-of-the-kind")
    yield from _customs_rules()
    yield Visit("certificate_type", OFFICER, reverse("certificate_type", args=["CN_NMPA_REG"]))
    yield Visit("upload_watchlist", KEEPER, reverse("upload_watchlist"))
    yield Visit("upload_watchlist", KEEPER, reverse("upload_watchlist"), 422, sent=True)
    yield Visit("site_settings", KEEPER, reverse("site_settings"))
    yield Visit("add_city", KEEPER, reverse("add_city"))
    yield Visit("add_city", KEEPER, f"{reverse('add_city')}?by=hand")
    by_hand = f"{reverse('add_city')}?by=hand"
    yield Visit("add_city", KEEPER, by_hand, 422, sent=True, leads_to=reverse("add_city"))
    yield Visit("needs", OFFICER, f"{reverse('needs')}?q=nothing-of-the-kind&status=open")
    yield Visit("cities", OFFICER, f"{reverse('cities')}?q=nothing-of-the-kind")
    yield Visit("contacts", OFFICER, f"{reverse('contacts')}?q=nothing-of-the-kind")
    yield Visit("search", OFFICER, f"{reverse('search')}?q=zhongshan")
    yield Visit("search", OFFICER, f"{reverse('search')}?q=nothing-of-the-kind")
    yield Visit("calendar", KEEPER, reverse("calendar"))
    yield Visit("calendar", NEWCOMER, reverse("calendar"), sent=True)  # shows the new address
    yield Visit(
        "notifications", OFFICER, f"{reverse('notifications')}?undo=2020-04-16T16%3A00%3A00%2B00%3A00"
    )
    yield Visit("notifications", OFFICER, f"{reverse('notifications')}?show=unread&kind=recalls")


def _customs_rules() -> Iterator[Visit]:
    """Yield the visits to the customs rules and to the required documents for various days and routes.

    The results are reliable, contradictory, ended, or about an unknown route; a coordinator maintains them.
    """
    asked = reverse("required_documents")
    for query in (
        "", "?on=2020-04-15", "?on=2026-11-25&acquisition_type=donation", "?origin=BR&destination=ZA&mode=road",
        "?product=RESP_KN95&use=non_medical&receiver=hospital&on=2020-05-06",
    ):  # fmt: skip
        yield Visit("required_documents", OFFICER, f"{asked}{query}")
    yield Visit("required_documents", OFFICER, f"{asked}?origin=China&on=soon", 422)
    yield Visit("customs_rules", OFFICER, reverse("customs_rules"))
    yield Visit("customs_rules", OFFICER, f"{reverse('customs_rules')}?q=nothing-of-the-kind")
    for name, code in (("customs_rule", "CN-X-CIQ-MASK"), ("duty_relief", "CA-20-08")):
        for who in (OFFICER, KEEPER):
            yield Visit(name, who, reverse(name, args=[code]))
        for way in ("change", "confirm", "end", "follow"):
            yield Visit(f"edit_{name}", KEEPER, reverse(f"edit_{name}", args=[code, way]))
            yield Visit(f"edit_{name}", KEEPER, reverse(f"edit_{name}", args=[code, way]), 422, sent=True)
    for name in ("add_customs_rule", "add_duty_relief"):
        for status in (200, 422):
            yield Visit(name, KEEPER, reverse(name), status, sent=status == 422)


def _empty() -> Iterator[Visit]:
    lists = (
        "interests today needs inquiries leads checks allocations orders shipments network untapped "
        "corrections "
        "notifications"
    ).split()
    for name in (*lists, "manual_rates", "payments", "plan_shipment", "add_order"):
        yield Visit(name, NEWCOMER, reverse(name))
