"""Which pages there are: each address of the product, with who goes there; and why some addresses have no page.

Forms come twice: as they open, and (`sent`) as they come back when they are sent empty.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from partners.models.cities import City
from procurement.leads.models.offer import SupplierLead
from tests.browser.pages import of_shipments
from tests.browser.pages.visit import (
    CAREFUL,
    CONTACT,
    HALFWAY,
    KEEPER,
    NEWCOMER,
    NOBODY,
    OFFICER,
    Visit,
    address,
)
from tests.browser.pages.world import World
from tests.procurement.one_of_each import PAGES
from tests.rights.pages_table import HOMES

# Addresses without a page of their own, and why.
NO_PAGE = {
    "healthz readyz metrics api-schema calendar_feed my_file register_file register_workbook file file_signed inquiry_letter thanks "
    "my_thanks my_letter my_photo outbox_mail outbox_attachment mail_events mfa_download_recovery_codes import_sheet "
    "file_page file_page_signed memo_pdf memo_pdf_signed bundle_file bundle_file_signed": "a file or a word for a machine",
    "made_paper_pdf made_paper_pdf_signed": "a file",
    "answer_file answer_file_signed report_file report_file_signed my_paper my_paper_signed "
    "handing_file handing_file_signed handing_made handing_made_signed": "a file or a word for a machine",
    "check_sheet report_sheet": "a paper to print",
    "make_memo make_paper make_gift_paper ask_for_bundle bundle_move": "posted to; shows the page of the papers when it refuses",
    "ask_another_city reuse_move": "posted to",
    "set_language theme next_morning send_now say bring answer_photo report_photo report_take end_role change_invitation "
    "dock_undo dock_photo handing_photo revoke_token end_session link_again need_again keep_view drop_view "
    "end_delegation": "posted to; shows a page only when it refuses (moves/record.html, below)",
    "my_away my_question": "posted to from my_things, which it shows again when it refuses",
    "inquiry_copy paper_call_copy": "posted to; makes a link each time",
    "paper_call_move paper_version": "posted to; leads back to the page of the call, or of the paper",
    "change_notice read_notices withdraw_calendar": "posted to; leads back to the list, or to what the notice is about",
    "finding payment memo bundle lane hold receipt hand_out destruction bank_account company_fact open_answer open_report my_page "
    "practice_sign_in made_paper thanks_note account_confirm_login_code": "leads on to another page, or is switched off",
    "mfa_login_webauthn mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn": "a passkey is needed: test_sign_in",
    "api api-nowhere": "a redirect; a problem document",
    "receipt_move hold_move bank_account_move interest_move destruction_move "
    "watch_list_move": "the same page as the other moves, on something that has none here",
}
# Moves whose page asks something first: the thing, and the verbs.
ASKED = {
    "need": "reconfirm share stop withdraw", "inquiry": "decline note_call redate", "lead": "edit reject withdraw share",
    "rate": "withdraw",
    "finding": "answer uphold", "check": "cancel redate", "allocation": "lower release",
    "order": "edit cancel lose use_account", "payment": "pay set_due urge",
    **of_shipments.ASKED,
    "supplier": "correct merge",
    "look up": "take_back", "company change": "decline", "company fact": "settle", "certificate": "confirm mark_altered",
    "contact": "suggest_change stop_for_city", "match": "confirm",
}  # fmt: skip
MOVE_NAMES = {thing: f"{thing.replace(' ', '_')}_move" for thing in ASKED} | {
    "match": "list_match_move",
    "case": "difference_case_move",
    "handed in": "paper_version_move",
}


def visits(world: World) -> list[Visit]:
    """Every page, in the order of the story. One's account comes first: minutes after signing in it asks for the password again."""
    return [
        *_accounts(world), *_lists(), *_empty(), *_details(world), *_letters(world), *_moves(world), *_register(world), *_claims(world),
        *of_shipments.visits(world), *_contact(world), *_others(),
    ]  # fmt: skip


def _lists() -> Iterator[Visit]:
    for name in sorted(name for name, who in HOMES.items() if "own officer" in who):
        yield Visit(name, OFFICER, reverse(name))
    for name in (
        "post_need",
        "enter_lead",
        "enter_rate",
        "enter_supplier",
        "write_order",
        "plan_shipment",
        "api_tokens",
    ):
        yield Visit(name, OFFICER, reverse(name), 422, sent=True)
    yield Visit(
        "notice_choices", OFFICER, reverse("notice_choices"), sent=True
    )  # a choice is always made: saved
    for name in ("watch_lists", "list_matches"):
        yield Visit(name, OFFICER, reverse(name))
        yield Visit(name, OFFICER, f"{reverse(name)}?q=nothing-of-the-kind")
    yield Visit("certificate_kinds", OFFICER, reverse("certificate_kinds"))
    yield Visit("certificate_kinds", OFFICER, f"{reverse('certificate_kinds')}?q=nothing-of-the-kind")
    yield Visit("rules", OFFICER, reverse("rules"))
    yield Visit("rules about certificates", OFFICER, f"{reverse('rules')}?kinds=1")
    yield Visit("rules", OFFICER, f"{reverse('rules')}?q=nothing-of-the-kind")
    yield from _customs_rules()
    yield Visit("certificate_kind", OFFICER, reverse("certificate_kind", args=["CN_NMPA_REG"]))
    yield Visit("upload_list", KEEPER, reverse("upload_list"))
    yield Visit("upload_list", KEEPER, reverse("upload_list"), 422, sent=True)
    yield Visit("needs", OFFICER, f"{reverse('needs')}?q=nothing-of-the-kind&status=open")
    yield Visit("cities", OFFICER, f"{reverse('cities')}?q=nothing-of-the-kind")
    yield Visit("calendar", KEEPER, reverse("calendar"))
    yield Visit("calendar", NEWCOMER, reverse("calendar"), sent=True)  # shows the new address
    yield Visit("notices", OFFICER, f"{reverse('notices')}?undo=2020-04-16T16%3A00%3A00%2B00%3A00")
    yield Visit("notices", OFFICER, f"{reverse('notices')}?show=unread&kind=recalls")


def _customs_rules() -> Iterator[Visit]:
    """The book, and which papers on which day: firm, contradictory, ended, of a lane nobody knows; kept by a coordinator."""
    asked = reverse("asked_papers")
    for query in (
        "", "?on=2020-04-15", "?on=2026-11-25&dealing=donation", "?origin=BR&destination=ZA&mode=road",
        "?product=RESP_KN95&use=non_medical&receiver=hospital&on=2020-05-06",
    ):  # fmt: skip
        yield Visit("asked_papers", OFFICER, f"{asked}{query}")
    yield Visit("asked_papers", OFFICER, f"{asked}?origin=China&on=soon", 422)
    yield Visit("customs_rules", OFFICER, reverse("customs_rules"))
    yield Visit("customs_rules", OFFICER, f"{reverse('customs_rules')}?q=nothing-of-the-kind")
    for name, code in (("customs_rule", "CN-X-CIQ-MASK"), ("duty_relief", "CA-20-08")):
        for who in (OFFICER, KEEPER):
            yield Visit(name, who, reverse(name, args=[code]))
        for way in ("change", "confirm", "end", "follow"):
            yield Visit(f"keep_{name}", KEEPER, reverse(f"keep_{name}", args=[code, way]))
            yield Visit(f"keep_{name}", KEEPER, reverse(f"keep_{name}", args=[code, way]), 422, sent=True)
    for name in ("add_customs_rule", "add_duty_relief"):
        for status in (200, 422):
            yield Visit(name, KEEPER, reverse(name), status, sent=status == 422)


def _empty() -> Iterator[Visit]:
    lists = "interests today needs inquiries leads checks allocations orders shipments network untapped corrections notices".split()
    for name in (*lists, "rates", "payments", "plan_shipment", "write_order"):
        yield Visit(name, NEWCOMER, reverse(name))


def _details(world: World) -> Iterator[Visit]:
    things = world.things
    redirects = {
        "finding",
        "payment",
        "memo",
        "made_paper",
        "bundle",
        "lane",
        "hold",
        "receipt",
        "company_fact",
    }
    for name, thing in PAGES.items():
        if name not in redirects:
            yield Visit(name, OFFICER, address(name, things[thing]))
    yield Visit("certificate", OFFICER, address("certificate", things["certificate"]))
    for name in ("add_certificate", "add_account", "add_look_up", "add_fact", "judge_supplier"):
        yield Visit(name, OFFICER, address(name, things["supplier"]), 422, sent=True)
    yield Visit("compare_leads", OFFICER, beside(things["lead"].city))
    yield Visit("compare_leads", OFFICER, f"{beside(things['lead'].city)}&only=differences")
    needed = things["need"]
    for status in (200, 422):
        fixed = reverse("criteria", args=[needed.reference, needed.lines.get().pk])
        yield Visit("criteria", OFFICER, fixed, status, sent=status == 422)
    draft = things["draft"].reference
    for step in (1, 2, 3, 4):
        yield Visit("write_need", OFFICER, reverse("write_need", args=[draft, step]))
    yield Visit("write_need", OFFICER, reverse("write_need", args=[draft, 2]), 422, sent=True)
    yield Visit("review_need", OFFICER, reverse("review_need", args=[draft]))
    line = things["draft"].lines.get()
    yield Visit("add_line", OFFICER, reverse("add_line", args=[draft]))
    yield Visit("add_line", OFFICER, reverse("add_line", args=[draft]), 422, sent=True)
    yield Visit("need_line", OFFICER, reverse("need_line", args=[draft, line.pk]))
    yield Visit("need", OFFICER, things["draft"].get_absolute_url())
    yield Visit(
        "ask_contact", OFFICER, reverse("ask_contact", args=[things["need"].reference, things["contact"].pk])
    )


def beside(city: City) -> str:
    """Where the newest offers to a city stand side by side, as many as may."""
    newest = SupplierLead.objects.filter(city=city).exclude(status="draft").order_by("-pk")[:5]
    asked = urlencode([("lead", lead.reference) for lead in newest])
    return f"{reverse('compare_leads')}?{asked}"


def _letters(world: World) -> Iterator[Visit]:
    unsent, sent = world.things["unsent question"], world.things["open question"]
    yield Visit("inquiry_move", OFFICER, f"{unsent.get_absolute_url()}revise/")
    silent, returned = world.things["silent question"], world.things["returned question"]
    for question in (silent, returned):
        yield Visit("inquiry", OFFICER, question.get_absolute_url())
    yield Visit("inquiry_move", OFFICER, f"{silent.get_absolute_url()}ask_next/")
    yield Visit("contact", OFFICER, returned.contact.get_absolute_url())
    for status in (200, 422):
        other = f"{returned.contact.get_absolute_url()}new_address/"
        yield Visit("contact_move", KEEPER, other, status, sent=status == 422)
    for need in ("need", "draft"):  # somebody was asked; nobody was
        yield Visit("inbox", OFFICER, reverse("inbox", args=[world.things[need].reference]))
    for question in (sent, silent):  # one may be reminded of, one was three times
        yield Visit("reminder", OFFICER, reverse("reminder", args=[question.reference]))
    offer = reverse("inquiry_offer", args=[sent.reference])
    for status in (200, 422):
        yield Visit("inquiry_offer", OFFICER, offer, status, sent=status == 422)
    yield Visit("letter_check", NOBODY, reverse("letter_check", args=[sent.letter.code]))
    genuine = reverse("memo_check", args=[world.things["memo"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("memo_check", NOBODY, f"{genuine}{asked}")
    without = world.things["draft order"]
    yield Visit("order_papers", OFFICER, reverse("order_papers", args=[without.reference]))


def _moves(world: World) -> Iterator[Visit]:
    for thing, verbs in ASKED.items():
        for verb in verbs.split():
            yield Visit(MOVE_NAMES[thing], OFFICER, f"{world.things[thing].get_absolute_url()}{verb}/")
    for verb in ("correct", "go_away", "name_deputy"):
        yield Visit("contact_move", KEEPER, f"{world.things['contact'].get_absolute_url()}{verb}/")
    for verb in ("correct", "suspend", "end", "renew"):
        yield Visit("twinning_move", KEEPER, f"{world.things['twinning'].get_absolute_url()}{verb}/")
    yield Visit("twinning_move", KEEPER, f"{world.things['ended twinning'].get_absolute_url()}take_back/")
    yield Visit("twinning_move", KEEPER, f"{world.things['twinning'].get_absolute_url()}end/", 422, sent=True)
    need = world.things["need"].get_absolute_url()
    yield Visit("need_move", OFFICER, f"{need}stop/", 422, sent=True)


def _register(world: World) -> Iterator[Visit]:
    city, contact = world.things["city"].slug, world.things["contact"].pk
    for slug in (city, "zhongshan"):
        yield Visit("city", OFFICER, reverse("city", args=[slug]))
    yield Visit("reciprocity", OFFICER, reverse("reciprocity", args=[city, "zhongshan"]))
    for tie in ("twinning", "ended twinning"):
        yield Visit("twinning", OFFICER, world.things[tie].get_absolute_url())
    for who in (OFFICER, KEEPER):
        yield Visit("dispute", who, world.things["dispute"].get_absolute_url())
    yield Visit("dispute_move", KEEPER, f"{world.things['dispute'].get_absolute_url()}settle/")
    yield Visit("city", OFFICER, f"{reverse('city', args=[city])}?way=given&kind=letter&items=none-such")
    yield Visit("correction", OFFICER, world.things["correction"].get_absolute_url())
    yield Visit("correction", KEEPER, world.things["correction"].get_absolute_url())
    yield Visit("correction_move", KEEPER, f"{world.things['correction'].get_absolute_url()}decline/")
    yield Visit("propose_city", OFFICER, f"{reverse('propose_city', args=[city])}?fact=population")
    for name, key in (
        ("propose_city", city),
        ("propose_twinning", world.things["twinning"].pk),
        ("propose_exchange", world.things["exchange"].pk),
    ):
        yield Visit(name, OFFICER, reverse(name, args=[key]))
    yield Visit("contact", OFFICER, reverse("contact", args=[contact]))
    for who, name in (
        (KEEPER, "add_twinning"), (KEEPER, "add_exchange"), (OFFICER, "add_organisation"), (OFFICER, "add_contact"),
    ):  # fmt: skip
        for status in (200, 422):
            yield Visit(name, who, reverse(name, args=["zhongshan"]), status, sent=status == 422)
    yield from _limits(city)
    for name in ("people", "invite"):
        yield Visit(name, KEEPER, reverse(name, args=[city]))
        yield Visit(f"network_{name}", KEEPER, reverse(f"network_{name}"))
    yield Visit("invite", KEEPER, reverse("invite", args=[city]), 422, sent=True)
    yield Visit("network", KEEPER, reverse("network"))
    yield Visit("untapped", KEEPER, f"{reverse('untapped')}?here=CA&there=CN&since=2015-01-01&on=2020-04-30")
    yield Visit("untapped", KEEPER, f"{reverse('untapped')}?here=CA&there=CA&on=some-day", 422)
    yield Visit("register_files", KEEPER, reverse("register_files"))
    yield Visit("register_files", KEEPER, reverse("register_files"), 422, sent=True)
    yield from _imports(world)


def _limits(city: str) -> Iterator[Visit]:
    for name in ("limits", "delegate"):
        for status in (200, 422):
            yield Visit(name, KEEPER, reverse(name, args=[city]), status, sent=status == 422)
    yield Visit("limits", OFFICER, reverse("limits", args=[city]))


def _imports(world: World) -> Iterator[Visit]:
    """A file at each step: its columns, its faults, its open places, what it did, what was left of it when it was taken back."""
    for state in ("uploaded", "matched", "faulty", "doubtful", "ready", "done", "withdrawn"):
        yield Visit("import", KEEPER, world.things[f"import {state}"].get_absolute_url())
    for status in (200, 422):
        batch = world.things["import unnamed" if status == 422 else "import uploaded"]
        columns = reverse("import_columns", args=[batch.pk])
        yield Visit("import_columns", KEEPER, columns, status, sent=status == 422)
    for state in ("doubtful", "ready"):
        yield Visit(
            "import_places", KEEPER, reverse("import_places", args=[world.things[f"import {state}"].pk])
        )
    yield Visit(
        "import_columns", KEEPER, reverse("import_columns", args=[world.things["import done"].pk]), 409
    )
    yield Visit("import_move", KEEPER, f"{world.things['import done'].get_absolute_url()}withdraw/")


def _claims(world: World) -> Iterator[Visit]:
    for name, key, fact in (
        ("add_claim", world.things["twinning"].pk, "kind"),
        ("claim_city", world.things["city"].slug, "population"),
        ("claim_exchange", world.things["exchange"].pk, "when"),
    ):
        claims = reverse(name, args=[key])
        yield Visit(name, KEEPER, claims)
        for status in (200, 422):
            yield Visit(name, KEEPER, f"{claims}?fact={fact}", status, sent=status == 422)


def _contact(world: World) -> Iterator[Visit]:
    for name, status in (
        ("open question", 200),
        ("open check", 200),
        ("invited", 200),
        ("contact", 200),
        ("case", 200),
        ("question between", 200),
        ("expired", 410),
    ):
        yield Visit("link", NOBODY, reverse("link", args=[world.tokens[name]]), status)
    yield Visit("link", NOBODY, reverse("link", args=["not-a-token"]), 404)
    token = world.tokens["open question"]
    for status in (200, 422):
        yield Visit(
            "link_not_for_me", NOBODY, reverse("link_not_for_me", args=[token]), status, sent=status == 422
        )
        yield Visit(
            "join", NOBODY, reverse("join", args=[world.tokens["invitation"]]), status, sent=status == 422
        )
    yield Visit("join", NOBODY, reverse("join", args=["not-a-token"]), 410)
    yield Visit("stop_mail", NOBODY, reverse("stop_mail", args=[world.tokens["stop"]]))
    yield Visit("stop_kind", NOBODY, reverse("stop_kind", args=[world.tokens["stop kind"]]))
    question, answered = world.things["open question"].reference, world.things["answered question"].reference
    check, reported = world.things["open check"].reference, world.things["reported check"].reference
    for status in (200, 422):
        yield Visit("answer", CONTACT, reverse("answer", args=[question]), status, sent=status == 422)
        yield Visit("report", CONTACT, reverse("report", args=[check]), status, sent=status == 422)
        yield Visit(
            "report_phone", CONTACT, reverse("report_phone", args=[check]), status, sent=status == 422
        )
    case = reverse("case_answer", args=[world.things["case"].reference])
    for status in (200, 422):
        yield Visit("case_answer", CONTACT, case, status, sent=status == 422)
    between = world.things["question between"].reference
    yield Visit("introduce", CONTACT, reverse("introduce", args=[between]))
    yield Visit("introduce_refuse", CONTACT, reverse("introduce_refuse", args=[between]))
    yield Visit("answer", NOBODY, reverse("answer", args=[question]), 403)
    yield Visit("answer", CONTACT, reverse("answer", args=[answered]))
    yield Visit(
        "answer_receipt",
        CONTACT,
        reverse("answer_receipt", args=[answered, world.things["answer"].reference]),
    )
    yield Visit("report", CONTACT, reverse("report", args=[reported]))
    for name in ("decline", "colleague"):
        yield Visit(f"answer_{name}", CONTACT, reverse(f"answer_{name}", args=[question]))
        yield Visit(f"report_{name}", CONTACT, reverse(f"report_{name}", args=[check]))
    invited = world.things["invited"].pk
    for status in (200, 422):
        yield Visit("agree", CONTACT, reverse("agree", args=[invited]), status, sent=status == 422)
    yield Visit("agree", CONTACT, reverse("agree", args=[world.things["contact"].pk]))  # agreed already
    for nothing_asked in (False, True):
        whose = invited if nothing_asked else world.things["contact"].pk
        yield Visit("my_things", CONTACT, reverse("my_things", args=[whose]))
    yield Visit("my_details", CONTACT, reverse("my_details", args=[invited]))  # asks for the six digits
    yield Visit("my_details", CONTACT, reverse("my_details", args=[world.things["contact"].pk]))


def _accounts(world: World) -> Iterator[Visit]:
    for name in ("login", "reset_password", "reset_password_done", "inactive", "signup", "email_verification_sent",
                 "reset_password_from_key_done"):  # fmt: skip
        yield Visit(f"account_{name}", NOBODY, reverse(f"account_{name}"))
    yield Visit("account_login", NOBODY, reverse("account_login"), sent=True)
    yield Visit("account_reset_password", NOBODY, reverse("account_reset_password"), sent=True)
    uid, _dash, key = world.tokens["reset"].partition("-")
    reset = f"/accounts/password/reset/key/{uid}-"
    yield Visit("account_reset_password_from_key", NOBODY, f"{reset}{key}/", leads_to=f"{reset}set-password/")
    yield Visit("account_reset_password_from_key", NOBODY, f"{reset}wrong/")
    yield Visit("account_confirm_email", NOBODY, reverse("account_confirm_email", args=["not-a-key"]))
    for name in ("account_logout", "account_email", "account_change_password", "account_reauthenticate", "mfa_index",
                 "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list"):  # fmt: skip
        yield Visit(name, OFFICER, reverse(name))
    for name in ("account_email", "account_change_password", "mfa_activate_totp"):
        yield Visit(name, OFFICER, reverse(name), sent=True)
    for name in (
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
    ):
        yield Visit(name, CAREFUL, reverse(name))
    for sent in (False, True):
        yield Visit("account_set_password", KEEPER, reverse("account_set_password"), sent=sent)
    yield Visit("mfa_authenticate", HALFWAY, reverse("mfa_authenticate"))


def _others() -> Iterator[Visit]:
    yield Visit("styleguide", KEEPER, reverse("styleguide"))
    yield Visit("styleguide", KEEPER, f"{reverse('styleguide')}?errors")
    yield Visit("api-docs", NOBODY, reverse("api-docs"))
    yield Visit("api-docs-chapter", NOBODY, reverse("api-docs-chapter", args=["shipments"]))
    yield Visit("404", OFFICER, "/nowhere/", 404)
    yield Visit("404", NOBODY, "/nowhere/", 404)
    yield Visit("letter_check", NOBODY, reverse("letter_check", args=["0" * 24]), 404)
    yield Visit("memo_check", NOBODY, reverse("memo_check", args=["0" * 24]), 404)
    for code in (400, 403, 405, 500, 503):
        yield Visit(f"error {code}", NOBODY, f"/error/{code}/", code)
