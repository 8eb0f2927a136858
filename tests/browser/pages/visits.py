"""All pages of the product with the person who opens each, and the addresses that have no page.

Forms come twice: as they open, and (`sent`) as they come back after they were sent empty.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from partners.cities.models import City
from procurement.leads.models.leads import SupplierLead
from tests.browser.pages import shipment_visits
from tests.browser.pages.visit import (
    CAREFUL,
    CONTACT,
    HALFWAY,
    KEEPER,
    LETTER,
    NEWCOMER,
    NOBODY,
    OFFICER,
    Visit,
    address,
)
from tests.rights.pages_table import HOMES
from tests.worlds.browsed_pages import World
from tests.worlds.one_of_each.pages import PAGES
from workflow.outbox.file_backend import mail_key

# Addresses without a page of their own, each with the reason.
NO_PAGE = {
    "healthz readyz metrics security_txt api-schema calendar_feed my_data register_file register_workbook file "
    "file_signed "
    "inquiry_letter thank_you_letter "
    "my_thank_you_letter my_thank_you_document my_thank_you_photo mail_source mail_attachment mail_events "
    "mfa_download_recovery_codes import_sheet "
    "file_page file_page_signed decision_memo_pdf decision_memo_pdf_signed audit_file_download "
    "audit_file_download_signed": "a file or a word for a machine",
    "generated_document_pdf generated_document_pdf_signed": "a file",
    "portal_inquiry_file portal_inquiry_file_signed portal_check_file portal_check_file_signed "
    "my_uploaded_file "
    "my_uploaded_file_signed "
    "portal_document_file portal_document_file_signed portal_generated_document "
    "portal_generated_document_signed": "a file or a word for a machine",
    "check_sheet portal_check_sheet": "a paper to print",
    "add_decision_memo generate_document generate_donation_document add_audit_file "
    "audit_file_move": "posted to; shows the page of the papers when it refuses",
    "scan_carton": "posted to from the dock, which it shows again when it refuses",
    "ask_for_reuse check_reuse_move letter_template_move": "posted to",
    "set_language theme next_morning send_now add_comment add_file portal_inquiry_photo portal_check_photo "
    "portal_accept_check end_role change_invitation "
    "recount_carton damage_photo portal_document_photo revoke_token end_session link_again copy_need "
    "add_documents mark_documents keep_view drop_view bulk "
    "do_todo put_off_todo hand_over_todo take_back_todo todo_row mark_object_read "
    "send_test_mail skip_setup_task resume_setup_task "
    "offer_validity end_delegation": "posted to; shows a page only when it refuses (http/record_form.html, below)",
    "portal_reaffirm": "posted to; leads back to the answer",
    "portal_inquiry_draft portal_check_draft": "posted to; shows a code, or the form filled in",
    "assign_checks decide_reports answer_findings": "posted to from the offer, which they show again when they refuse",
    "my_absence my_request": "posted to from my_things, which it shows again when it refuses",
    "copy_reminder_link inquiry_print document_request_copy": "posted to; makes a link each time",
    "document_request_move submission": "posted to; leads back to the page of the call, or of the paper",
    "change_notification read_notifications withdraw_calendar": "posted to; leads back to the list, or to what the notice is about",
    "finding payment decision_memo audit_file clearance customs_hold goods_receipt distribution destruction "
    "bank_account supplier_fact portal_open_inquiry portal_open_check open_unsolicited_offer my_page "
    "practice_sign_in generated_document thank_you_message account_confirm_login_code": "leads on to another page, or is switched off",
    "mfa_login_webauthn mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn": "a passkey is needed: test_sign_in",
    "openid_connect_login openid_connect_callback saml_login saml_acs saml_finish_acs saml_metadata saml_sls "
    "sign_out_at_provider signed_out": "an identity provider is needed: tests/accounts",
    "socialaccount_connections socialaccount_signup": "lead on to another page",
    "api api-nowhere": "a redirect; a problem document",
    "goods_receipt_move customs_hold_move bank_account_move interest_move destruction_move "
    "watchlist_move": "the same page as the other moves, on something that has none here",
}
# Moves whose page asks something first: object, verbs.
ASKED = {
    "need": "reconfirm share stop withdraw", "inquiry": "decline record_phone_reply redate", "lead": "edit reject withdraw share",
    "rate": "withdraw", "unwanted": "withdraw",
    "finding": "answer uphold", "open check": "cancel redate", "allocation": "reduce undo", "plan": "accept",
    "order": "edit cancel hold write_off use_account", "payment": "pay set_due record_early_request",
    **shipment_visits.ASKED,
    "supplier": "correct merge",
    "lookup": "retract", "company_change": "decline", "companyfact": "select", "certificate": "confirm mark_altered",
    "contact": "suggest_change stop_for_city", "match": "confirm",
}  # fmt: skip
MOVE_NAMES = {thing: f"{thing.replace(' ', '_')}_move" for thing in ASKED} | {
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


def visits(world: World) -> list[Visit]:
    """Return all visits, in the order of a purchase from need to lot.

    The pages of an account come first: minutes after sign-in they ask for the password again.
    """
    return [
        *_accounts(world), *_lists(), *_empty(), *_details(world), *_letters(world), *_moves(world), *_register(world), *_claims(world),
        *shipment_visits.visits(world), *_contact(world), *_others(),
    ]  # fmt: skip


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
    for name in ("help", "help_contact", "help_glossary", "help_keys", "help_who_can", "help_first_run"):
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
    yield Visit("compare_leads", OFFICER, comparison_url(things["lead"].city))
    yield Visit("compare_leads", OFFICER, f"{comparison_url(things['lead'].city)}&only=differences")
    needed = things["need"]
    for status in (200, 422):
        fixed = reverse("criteria", args=[needed.reference, needed.lines.get().pk])
        yield Visit("criteria", OFFICER, fixed, status, sent=status == 422)
    changed = reverse("change_allocation_plan_row", args=[things["plan"].reference, things["plan row"].pk])
    for status in (200, 422):
        yield Visit("change_allocation_plan_row", OFFICER, changed, status, sent=status == 422)
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
    yield Visit("agreement_move", KEEPER, f"{world.things['ended agreement'].get_absolute_url()}undo-end/")
    yield Visit(
        "agreement_move", KEEPER, f"{world.things['agreement'].get_absolute_url()}end/", 422, sent=True
    )
    need = world.things["need"].get_absolute_url()
    yield Visit("need_move", OFFICER, f"{need}stop/", 422, sent=True)


def _register(world: World) -> Iterator[Visit]:
    city, contact = world.things["city"].slug, world.things["contact"].pk
    for slug in (city, "zhongshan"):
        yield Visit("city", OFFICER, reverse("city", args=[slug]))
    yield Visit("reciprocity", OFFICER, reverse("reciprocity", args=[city, "zhongshan"]))
    for tie in ("agreement", "ended agreement"):
        yield Visit("agreement", OFFICER, world.things[tie].get_absolute_url())
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
        ("propose_agreement", world.things["agreement"].pk),
        ("propose_exchange", world.things["exchange"].pk),
    ):
        yield Visit(name, OFFICER, reverse(name, args=[key]))
    yield Visit("contact", OFFICER, reverse("contact", args=[contact]))
    for who, name in (
        (KEEPER, "add_agreement"), (KEEPER, "add_exchange"), (OFFICER, "add_organization"), (OFFICER, "add_contact"),
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
    for name in ("approval_limits", "delegate"):
        for status in (200, 422):
            yield Visit(name, KEEPER, reverse(name, args=[city]), status, sent=status == 422)
    yield Visit("approval_limits", OFFICER, reverse("approval_limits", args=[city]))


def _imports(world: World) -> Iterator[Visit]:
    """Yield the visits to an import at each step: columns, faults, undecided cities, result, withdrawal."""
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
        ("claim_agreement", world.things["agreement"].pk, "kind"),
        ("claim_city", world.things["city"].slug, "population"),
        ("claim_exchange", world.things["exchange"].pk, "when"),
    ):
        claims = reverse(name, args=[key])
        yield Visit(name, KEEPER, claims)
        for status in (200, 422):
            yield Visit(name, KEEPER, f"{claims}?fact={fact}", status, sent=status == 422)


def _contact(world: World) -> Iterator[Visit]:
    for name, status in (
        ("inquiry", 200),
        ("open check", 200),
        ("invited", 200),
        ("contact", 200),
        ("open discrepancy", 200),
        ("introduced inquiry", 200),
        ("expired", 410),
    ):
        yield Visit("link", NOBODY, reverse("link", args=[world.tokens[name]]), status)
    yield Visit("link", NOBODY, reverse("link", args=["not-a-token"]), 404)
    token = world.tokens["inquiry"]
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
    question, answered = world.things["inquiry"].reference, world.things["answered inquiry"].reference
    check, reported = world.things["open check"].reference, world.things["reported check"].reference
    for status in (200, 422):
        yield Visit(
            "portal_inquiry", CONTACT, reverse("portal_inquiry", args=[question]), status, sent=status == 422
        )
        yield Visit(
            "portal_check", CONTACT, reverse("portal_check", args=[check]), status, sent=status == 422
        )
        yield Visit(
            "portal_phone", CONTACT, reverse("portal_phone", args=[check]), status, sent=status == 422
        )
    case = reverse("portal_discrepancy", args=[world.things["open discrepancy"].reference])
    for status in (200, 422):
        yield Visit("portal_discrepancy", CONTACT, case, status, sent=status == 422)
    between = world.things["introduced inquiry"].reference
    yield Visit("portal_introduction", CONTACT, reverse("portal_introduction", args=[between]))
    yield Visit("portal_refuse_introduction", CONTACT, reverse("portal_refuse_introduction", args=[between]))
    yield Visit("portal_inquiry", NOBODY, reverse("portal_inquiry", args=[question]), 403)
    yield Visit("portal_inquiry", CONTACT, reverse("portal_inquiry", args=[answered]))
    yield Visit(
        "portal_inquiry_receipt",
        CONTACT,
        reverse("portal_inquiry_receipt", args=[answered, world.things["answer"].reference]),
    )
    offer = [answered, world.things["answer"].reference]
    yield Visit("portal_offer", CONTACT, reverse("portal_offer", args=offer))
    yield Visit("portal_withdraw_offer", CONTACT, reverse("portal_withdraw_offer", args=offer))
    yield Visit("portal_tell_about_offer", CONTACT, reverse("portal_tell_about_offer", args=offer), 422)
    yield Visit("portal_extend_offer", CONTACT, reverse("portal_extend_offer", args=offer), 422)
    yield Visit("portal_check", CONTACT, reverse("portal_check", args=[reported]))
    for name, reference in (
        ("portal_decline_inquiry", question),
        ("portal_inquiry_colleague", question),
        ("portal_question", question),
        ("portal_decline_check", check),
        ("portal_check_colleague", check),
    ):
        yield Visit(name, CONTACT, reverse(name, args=[reference]))
    invited = world.things["invited"].pk
    for status in (200, 422):
        yield Visit("agree", CONTACT, reverse("agree", args=[invited]), status, sent=status == 422)
    yield Visit("agree", CONTACT, reverse("agree", args=[world.things["contact"].pk]))  # agreed already
    for nothing_asked in (False, True):
        whose = invited if nothing_asked else world.things["contact"].pk
        yield Visit("my_requests", CONTACT, reverse("my_requests", args=[whose]))
    mine = [world.things["contact"].pk, "maker"]
    yield Visit("my_unsolicited_offer", CONTACT, reverse("my_unsolicited_offer", args=mine))
    unasked = [world.things["contact"].pk, world.things["lead"].reference]
    yield Visit("my_offer", CONTACT, reverse("my_offer", args=unasked), 403)  # a part of it is ordered
    yield Visit("my_withdraw_offer", CONTACT, reverse("my_withdraw_offer", args=unasked), 422)
    yield Visit("my_tell_about_offer", CONTACT, reverse("my_tell_about_offer", args=unasked))
    yield Visit("my_extend_offer", CONTACT, reverse("my_extend_offer", args=unasked), 422)
    yield Visit("my_details", CONTACT, reverse("my_details", args=[invited]))  # asks for the six-digit code
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
    yield Visit("socialaccount_login_cancelled", NOBODY, reverse("socialaccount_login_cancelled"))
    yield Visit("socialaccount_login_error", NOBODY, reverse("socialaccount_login_error"), 401)


def _others() -> Iterator[Visit]:
    yield Visit("styleguide", KEEPER, reverse("styleguide"))
    yield Visit("styleguide", KEEPER, f"{reverse('styleguide')}?errors")
    yield Visit("api-docs", NOBODY, reverse("api-docs"))
    yield Visit("api-docs-chapter", NOBODY, reverse("api-docs-chapter", args=["shipments"]))
    yield Visit("404", OFFICER, "/nowhere/", 404)
    yield Visit("404", NOBODY, "/nowhere/", 404)
    yield Visit("verify_letter", NOBODY, reverse("verify_letter", args=["0" * 24]), 404)
    yield Visit("verify_decision_memo", NOBODY, reverse("verify_decision_memo", args=["0" * 24]), 404)
    for code in (400, 403, 405, 500, 503):
        yield Visit(f"error {code}", NOBODY, f"/error/{code}/", code)
