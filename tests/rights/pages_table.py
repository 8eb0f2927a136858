"""Rights to the pages, written by hand and listed by URL name; a page missing here fails the test.

A person who may not see the object in the address gets 404, as if it did not exist. A person who sees it but
may not do what the page is for gets 403. A stranger is redirected to sign in.
"""

from typing import NamedTuple

from tests.rights.reading_rights_table import (
    ALL_COMMENTING,
    ALL_JUDGES,
    ALL_OFFICERS,
    ASKED,
    BROKER,
    BROKERS,
    COMMENTING,
    COORDINATORS,
    DOCK,
    EVERYONE,
    INVITING,
    JUDGES,
    KEEPERS,
    NOBODY,
    OFFICERS,
    OWN,
    SEES,
    STAFF,
    WATCHING,
    people,
)

ANYBODY_WHO_SEES = EVERYONE
WAYS = ("change", "confirm", "end", "follow")  # ways to edit a customs rule


class Page(NamedTuple):
    """One page about one object: its address, and who may use it among the people who see the object."""

    thing: str
    may: frozenset[str] = ANYBODY_WHO_SEES
    more: tuple[str, ...] = ()  # other parts of the address: a value, or the name of an object
    method: str = "get"
    data: dict[str, str] | None = None

    @property
    def gets(self) -> frozenset[str]:
        """People who get the page."""
        return SEES[self.thing] & self.may

    @property
    def barred(self) -> frozenset[str]:
        """People who see the object but may not use the page."""
        return SEES[self.thing] - self.may


PAGES: list[tuple[str, Page]] = [
    *(("need", Page(f"{kind}need")) for kind in ("", "draft ", "waiting ", "shared ", "network ", "public ")),
    *(("ask", Page(f"{kind}need", OFFICERS)) for kind in ("", "draft ", "shared ", "network ", "public ")),
    *(("ask_several", Page(f"{kind}need", OFFICERS)) for kind in ("", "shared ", "public ")),
    *(
        ("allocate", Page(f"{kind}need", OFFICERS))
        for kind in ("", "draft ", "shared ", "network ", "public ")
    ),
    *(
        ("need_candidates", Page(f"{kind}need", OWN))
        for kind in ("", "draft ", "shared ", "network ", "public ")
    ),
    ("lead_candidates", Page("lead", OWN)),
    ("lead_candidates", Page("shared lead", OWN)),
    *(("ask_contact", Page(f"{kind}need", OFFICERS, ("contact",))) for kind in ("", "shared ", "public ")),
    ("unwanted_goods_entry", Page("unwanted")),
    ("letter_template", Page("template")),
    ("webhook", Page("webhook")),
    ("reveal_webhook_secret", Page("webhook", method="post")),
    ("add_webhook", Page("city", people("own administrator"))),
    ("consent", Page("consent")),
    ("write_letter_template", Page("city", OFFICERS, ("fr-ca",))),
    ("answer_page_preview", Page("need", OFFICERS, ("contact",))),
    ("write_need", Page("draft need", OFFICERS, ("1",))),
    ("review_need", Page("draft need", OFFICERS)),
    *(("add_line", Page(f"{kind}need", OFFICERS)) for kind in ("", "draft ", "shared ", "public ")),
    ("need_line", Page("need", OFFICERS, ("line",))),
    ("criteria", Page("need", OWN, ("line",))),
    *(("inquiry", Page(f"{kind}inquiry")) for kind in ("", "unsent ", "second ")),
    ("inquiry_print", Page("inquiry", OFFICERS, method="post")),
    *(("inquiry_letter", Page(f"{kind}inquiry")) for kind in ("", "unsent ", "second ")),
    *(("inbox", Page(f"{kind}need")) for kind in ("", "draft ", "shared ", "network ", "public ")),
    ("lead", Page("lead")),
    ("lead", Page("shared lead")),
    ("finding", Page("finding")),
    ("lead_prices", Page("lead")),  # other suppliers' prices, only for the city's own people
    ("lead_prices", Page("shared lead")),
    ("manual_rate", Page("rate")),
    ("check", Page("check")),
    ("check_sheet", Page("check")),
    ("ask_for_reuse", Page("check", JUDGES, method="post")),
    ("check_reuse", Page("reuse")),
    *(("check_reuse_move", Page("reuse", JUDGES, (verb,), method="post")) for verb in ("agree", "refuse")),
    ("checks_of_lead", Page("lead", OWN)),  # the rule uses the city's status of the supplier
    ("checks_of_lead", Page("shared lead", OWN)),
    *(
        (name, Page(thing, JUDGES, method="post"))
        for name in ("assign_checks", "decide_reports", "answer_findings")
        for thing in ("lead", "shared lead")
    ),
    ("assign_check", Page("check", JUDGES, data={"contact": "contact"})),
    ("allocation", Page("allocation")),
    ("allocation", Page("free allocation")),
    ("change_allocation_plan_row", Page("plan", OFFICERS, ("plan row",))),
    *(("allocation_plan", Page(f"{kind}plan")) for kind in ("", "joint ")),
    *(("order", Page(f"{kind}order")) for kind in ("", "draft ", "waiting ")),
    ("order", Page("gift")),
    ("order", Page("sent order")),
    ("order_acknowledgement", Page("acknowledgement")),
    ("order_acknowledgement_copy", Page("acknowledgement", OFFICERS, method="post")),
    ("send_order", Page("sent order", OFFICERS, method="post")),
    ("payment", Page("payment")),
    *(("order_documents", Page(f"{kind}order")) for kind in ("", "draft ", "waiting ")),
    ("order_documents", Page("gift")),
    ("add_decision_memo", Page("order", OFFICERS | people("own approver"), method="post")),
    ("add_audit_file", Page("order", method="post")),
    ("audit_file", Page("audit_file")),
    ("audit_file_download", Page("audit_file")),
    ("audit_file_download_signed", Page("audit_file", NOBODY, more=("user-1.9:x",))),
    ("decision_memo", Page("memo")),
    ("decision_memo_pdf", Page("memo", more=("en",))),
    ("decision_memo_pdf_signed", Page("memo", NOBODY, more=("en", "user-1.9:x"))),
    ("shipment", Page("shipment")),
    ("shipment", Page("arrived shipment")),
    ("shipment", Page("back shipment")),
    ("destruction", Page("destruction")),
    (
        "shipment_documents",
        Page("shipment", OWN | BROKER),
    ),  # those who see only its tracking read no document
    ("shipment_documents", Page("arrived shipment", OWN)),
    (
        "generate_document",
        Page("shipment", DOCK, method="post", data={"kind": "exporter_data", "language_pair": "en"}),
    ),
    (
        "generate_order_document",
        Page("gift", OFFICERS, method="post", data={"kind": "donation_letter", "language_pair": "en"}),
    ),
    (
        "generate_order_document",
        Page("order", OFFICERS, method="post", data={"kind": "purchase_order", "language_pair": "en"}),
    ),
    *(
        (name, Page(made))
        for name in ("generated_document", "generated_document_pdf")
        for made in ("generated document", "purchase order", "gift letter")
    ),
    ("generated_document_pdf_signed", Page("generated document", NOBODY, more=("user-1.9:x",))),
    ("edit_row", Page("need", OFFICERS, ("needs", "edit"))),
    ("edit_row", Page("lead", OFFICERS, ("leads", "edit"))),
    ("edit_row", Page("open check", JUDGES, ("checks", "redate"))),
    ("edit_row", Page("shipment", DOCK, ("shipments", "edit"))),
    ("pack_shipment", Page("shipment", DOCK)),
    ("receive_shipment", Page("arrived shipment", DOCK)),
    *((name, Page("arrived shipment", DOCK)) for name in ("dock", "finish_count")),
    ("scan_carton", Page("arrived shipment", DOCK, method="post", data={"number": "1"})),
    ("count_carton", Page("arrived shipment", DOCK, ("carton",))),
    *(
        (name, Page("arrived shipment", DOCK, ("carton",), "post"))
        for name in ("recount_carton", "damage_photo")
    ),
    ("discrepancy", Page("discrepancy")),
    ("supplier_deliveries", Page("supplier")),
    ("clearance", Page("clearance")),
    ("add_hold", Page("clearance", DOCK | people("own broker"))),
    ("customs_hold", Page("hold")),
    (
        "reply_to_hold",
        Page("hold", DOCK | people("own broker"), method="post", data={"answer": "Type I"}),
    ),
    ("add_documents", Page("shipment", DOCK | people("own broker"), method="post")),
    ("sort_documents", Page("shipment", DOCK | people("own broker"))),
    ("mark_documents", Page("clearance", DOCK | people("own broker"), method="post")),
    ("customs_document", Page("document")),
    ("add_document_request", Page("shipment", DOCK)),
    ("document_request", Page("document_request")),
    ("document_request_copy", Page("document_request", DOCK, method="post")),
    ("add_submission", Page("document", DOCK | people("own broker"), method="post")),
    ("submission", Page("submission")),
    ("lot", Page("lot")),
    ("distribute_lot", Page("lot", DOCK)),
    ("distribution", Page("distribution")),
    ("relief_claim", Page("relief_claim")),
    ("thank_you", Page("thank_you")),
    ("thank_you_message", Page("thank_you_message")),
    ("goods_receipt", Page("receipt")),
    ("supplier_status", Page("standing")),
    ("supplier", Page("supplier")),
    (
        "hold_orders",
        Page(
            "supplier",
            ALL_OFFICERS
            | people(
                *(
                    f"{city} {role}"
                    for city in ("own", "shared", "foreign")
                    for role in ("approver", "logistics")
                )
            ),
        ),
    ),
    ("declare_interest", Page("supplier")),
    ("interest", Page("interest")),
    ("interest_move", Page("interest", JUDGES, ("end",), method="post", data={"reason": "sold"})),
    ("add_certificate", Page("supplier", ALL_OFFICERS)),
    ("add_account", Page("supplier", ALL_OFFICERS)),
    ("certificate", Page("certificate")),
    ("add_register_lookup", Page("supplier", ALL_JUDGES)),
    ("set_supplier_status", Page("supplier", ALL_JUDGES)),
    ("register_lookup", Page("lookup")),
    ("supplier_change", Page("company_change")),
    ("add_fact", Page("supplier", ALL_JUDGES)),
    ("supplier_fact", Page("companyfact")),
    ("watchlist", Page("list")),
    ("customs_rule", Page("customs rule")),
    ("duty_relief", Page("duty relief")),
    *(("edit_customs_rule", Page("customs rule", COORDINATORS, (way,))) for way in WAYS),
    *(("edit_duty_relief", Page("duty relief", COORDINATORS, (way,))) for way in WAYS),
    ("watchlist_match", Page("match")),
    ("bank_account", Page("account")),
    ("file", Page("file")),
    ("file", Page("document file")),
    ("file_page", Page("file", more=("1", "small"))),
    # An address with a wrong signature; right ones are in leaks/test_files.py.
    *(("file_signed", Page(thing, NOBODY, more=("user-1.9:x",))) for thing in ("file", "document file")),
    ("file_page_signed", Page("file", NOBODY, more=("user-1.9:x", "1", "small"))),
    ("file_page", Page("document file", more=("1", "large"))),
    ("city", Page("city")),
    ("approval_limits", Page("city limits")),
    ("need_approval", Page("city limits", people("own administrator"))),
    ("offer_validity", Page("city limits", people("own administrator"), method="post")),
    ("purchase_details", Page("city limits", people("own administrator"), method="post")),
    ("delegate", Page("city limits", people("own approver"))),
    (
        "end_delegation",
        Page("delegation", people("own administrator", "own approver", "own observer"), method="post"),
    ),
    ("people", Page("city people")),
    ("invite", Page("city people", people("own administrator", "coordinator"))),
    ("agreement", Page("agreement")),
    ("reciprocity", Page("city", more=("twin",))),
    ("propose_city", Page("city")),
    ("propose_agreement", Page("agreement")),
    ("propose_exchange", Page("exchange")),
    ("correction", Page("correction")),
    ("dispute", Page("dispute")),
    ("claim_agreement", Page("agreement", WATCHING | people("own administrator"))),
    ("claim_city", Page("city", WATCHING | people("own administrator"))),
    ("claim_exchange", Page("exchange", WATCHING | people("own administrator"))),
    ("edit_city", Page("city", WATCHING | people("own administrator"))),
    ("add_agreement", Page("city", KEEPERS)),
    ("add_exchange", Page("city", KEEPERS)),
    ("add_organization", Page("twin", INVITING)),
    ("add_contact", Page("twin", INVITING)),
    ("contact", Page("contact")),
    # POST only: comments and files of an object, the end of a role, an invitation sent again or revoked.
    *(("copy_need", Page(f"{kind}need", OFFICERS, method="post")) for kind in ("", "shared ", "public ")),
    ("add_comment", Page("lead", COMMENTING, method="post", data={"text": "hello"})),
    ("add_comment", Page("shared lead", COMMENTING, method="post", data={"text": "hello"})),
    ("add_comment", Page("public need", COMMENTING, method="post", data={"text": "hello"})),
    ("add_comment", Page("shipment", COMMENTING, method="post", data={"text": "hello"})),
    *(
        ("add_comment", Page(shared, ALL_COMMENTING, method="post", data={"text": "hello"}))
        for shared in ("supplier", "certificate", "agreement")
    ),
    ("add_comment", Page("city", COMMENTING, method="post", data={"text": "hello"})),
    ("add_comment", Page("contact", people("partner officer"), method="post", data={"text": "hello"})),
    ("add_file", Page("agreement", ALL_COMMENTING, method="post")),
    ("add_file", Page("contact", people("partner officer"), method="post")),
    *(
        ("add_comment", Page(thing, COMMENTING | BROKER, method="post", data={"text": "hello"}))
        for thing in ("document", "clearance", "hold")
    ),
    ("add_file", Page("lead", COMMENTING, method="post")),
    ("add_file", Page("document", COMMENTING | BROKER, method="post")),
    ("add_file", Page("shared need", COMMENTING, method="post")),
    ("copy_reminder_link", Page("inquiry", OFFICERS, method="post")),
    ("reminder", Page("inquiry", OFFICERS)),
    ("inquiry_offer", Page("inquiry", OFFICERS)),
    ("thank_you_letter", Page("thanks")),
    *(
        ("change_notification", Page("notice", more=(verb,), method="post"))
        for verb in ("read", "unread", "open")
    ),
    ("open_unsolicited_offer", Page("contact", ASKED, more=("maker",), method="post")),
    ("portal_open_inquiry", Page("question to them", method="post")),
    ("portal_open_check", Page("check given to them", method="post")),
    ("end_role", Page("membership", people("own administrator", "own observer"), method="post")),
    ("change_invitation", Page("invitation", more=("renew",), method="post")),
    ("change_invitation", Page("invitation", more=("revoke",), method="post")),
    ("import", Page("import")),
    ("import_columns", Page("import")),
    ("import_places", Page("import")),
    *(
        ("import_sheet", Page("import", more=(what,)))
        for what in ("faults", "changes", "repeated", "places", "left")
    ),
    *(
        ("import_move", Page("import", more=(verb,), method="post"))
        for verb in ("start", "withdraw", "discard")
    ),
]

# Pages without an object, and who gets them (others: 403). Their content is searched like every answer.
HOMES: dict[str, frozenset[str]] = {
    "lots": EVERYONE,
    "contacts": EVERYONE,
    "discrepancies": EVERYONE,
    "relief_claims": EVERYONE,
    "thank_yous": EVERYONE,
    **dict.fromkeys(
        "today needs unwanted_goods letter_templates consents webhooks "
        "inquiries leads compare_leads checks allocations orders shipments suppliers "
        "cities "
        "corrections network untapped "
        "payments manual_rates interests register_files outbox account calendar notification_preferences "
        "notifications api_tokens usersessions_list search help_first_run "
        "order_figures allocation_plans compare_allocation_plans".split(),
        EVERYONE,
    ),
    "add_need": OFFICERS | people("shared officer", "foreign officer", "partner officer"),
    "add_unwanted_goods": ALL_OFFICERS | COORDINATORS,
    "add_supplier": ALL_OFFICERS,
    "upload_watchlist": KEEPERS,
    "add_city": KEEPERS,
    "site_settings": KEEPERS,
    "add_customs_rule": COORDINATORS,
    "add_duty_relief": COORDINATORS,
    "add_lead": ALL_OFFICERS,
    "add_allocation_plan": ALL_OFFICERS,
    "add_manual_rate": ALL_OFFICERS,
    "add_order": ALL_OFFICERS,
    "plan_shipment": ALL_OFFICERS | people("own logistics", "shared logistics", "foreign logistics"),
    "import_tracking": ALL_OFFICERS
    | people("own logistics", "shared logistics", "foreign logistics")
    | BROKERS,
}
# Pages that are 404 for all others, so that their existence stays hidden.
HIDDEN_HOMES: dict[str, frozenset[str]] = {
    "network_people": people("coordinator"),
    "network_invite": people("coordinator"),
    "styleguide": NOBODY,
    "watchlists": STAFF | COORDINATORS,
    "watchlist_matches": STAFF,
}
# Lists that can be downloaded as CSV: `?as=csv`.
SHEETS = (
    *"interests needs inquiries leads checks allocations orders payments shipments lots suppliers discrepancies".split(),
    *"allocation_plans contacts untapped corrections manual_rates relief_claims thank_yous".split(),
)
TABLES = ("cities", "agreements", "exchanges")  # the register as files, for everyone who is signed in

# Pages of moves: moves_table.py.
MOVE_PAGES = frozenset(
    "need_move unwanted_goods_move letter_template_move consent_move inquiry_move lead_move manual_rate_move finding_move check_move "
    "allocation_move "
    "allocation_plan_move order_move "
    "order_acknowledgement_move payment_move shipment_move discrepancy_move clearance_move customs_hold_move customs_document_move "
    "document_request_move submission_move lot_move distribution_move goods_receipt_move supplier_move "
    "certificate_move register_lookup_move supplier_fact_move relief_claim_move thank_you_move "
    "destruction_move bank_account_move supplier_change_move agreement_move contact_move correction_move "
    "dispute_move watchlist_move watchlist_match_move audit_file_move webhook_move".split()
)
# Pages behind a link: links_table.py.
LINK_PAGES = frozenset(
    "portal_discrepancy portal_inquiry portal_inquiry_receipt portal_decline_inquiry portal_reaffirm "
    "portal_question portal_offer portal_withdraw_offer portal_tell_about_offer portal_extend_offer "
    "portal_inquiry_draft portal_check_draft "
    "portal_inquiry_colleague portal_inquiry_photo portal_introduction portal_refuse_introduction "
    "portal_check portal_accept_check portal_decline_check portal_check_colleague portal_check_photo "
    "portal_check_sheet portal_phone portal_documents portal_document portal_document_photo "
    "portal_document_unavailable portal_submission_receipt portal_tracking portal_clearance "
    "portal_document_file portal_document_file_signed portal_generated_document "
    "portal_order portal_order_answer portal_order_document portal_order_document_signed "
    "portal_generated_document_signed portal_inquiry_file portal_inquiry_file_signed portal_check_file "
    "portal_check_file_signed my_uploaded_file my_uploaded_file_signed my_thank_you_photo "
    "my_withdraw_consent portal_withdraw_consent "
    "my_thank_you_document my_requests my_unsolicited_offer my_offer my_withdraw_offer "
    "my_tell_about_offer my_extend_offer my_absence my_thank_you_letter my_request agree my_details my_data "
    "link link_again link_not_for_me stop_mail my_page my_thank_you_photo my_thank_you_document stop_kind "
    "calendar_feed join practice_sign_in".split()
)
# A person's own objects by number; those of others are 404 (tests/accounts/tokens, test_sessions.py).
OWN_THINGS = frozenset({"revoke_token", "end_session"})
# Acts on a person's own objects without a number in the address (test_notifications.py, test_saved_views.py, test_bulk.py).
OWN_DEEDS = frozenset(
    {
        "read_notifications",
        "withdraw_calendar",
        "bulk",
        "keep_view",
        "drop_view",
        "do_todo",
        "put_off_todo",
        "hand_over_todo",
        "take_back_todo",
        "send_test_mail",
        "skip_setup_task",
        "resume_setup_task",
        "todo_row",
        "mark_object_read",
    }
)
# The same for everyone; they mention no object and no person.
PUBLIC = {
    "healthz": "a machine asks whether the process lives",
    "readyz": "a machine asks whether the database answers",
    "background_health": "a machine asks whether the periodic job runs",
    "metrics": "figures of the machinery, by METRICS_TOKEN; without one, for this machine alone",
    "security_txt": "the operator's contact for security reports, for anyone",
    "set_language": "the reader's own pages",
    **dict.fromkeys(
        "signed_out sign_out_at_provider".split(), "the name of a city, and the way to its identity provider"
    ),
    "theme": "the reader's own pages",
    "next_morning": "the clock of a practice instance, for anyone who plays on it",
    "send_now": "mail of a practice instance goes nowhere; anyone who plays on it reads all of it",
    "practice_mail": "the same",
    "mail_source": "the same",
    "mail_attachment": "the same",
    "certificate_types": "facts from published sources, for anyone who is signed in",
    "certificate_type": "the same",
    "required_documents": "facts from published sources, for anyone who is signed in",
    "customs_rules": "the same",
    "rules": "what the rules look at and where they come from, for anyone who is signed in",
    "rule": "the same",
    **dict.fromkeys(
        "help help_role help_contact help_glossary help_keys help_who_can help_webhooks".split(),
        "how the product is used; no data of a city",
    ),
    "register_file": "TABLES above",
    "register_workbook": "the same",
    "mail_events": "the mail provider, by its secret; it learns nothing (test_mail_events.py)",
    "verify_decision_memo": "anyone who holds the paper: of which city and order, when, with which hashes (test_decision_memos.py)",
    "verify_document": "anyone who holds the paper: of which shipment or gift, when, with which hashes (generated_documents)",
    "public_unwanted_goods": "anyone: what cities ask people not to send, and why (test_pages_unwanted_goods.py)",
    "public_tracking": "anyone who holds the code: what goods, from which city or country, where they are (test_pages_public.py)",
    "verify_letter": "anyone who holds the paper: who wrote it, of what day, about which goods (test_letters.py)",
}
EXTERNAL = (
    "account_",
    "mfa_",
    "socialaccount_",
    "openid_connect_",
    "saml_",
)  # django-allauth's pages, about the sign-in
