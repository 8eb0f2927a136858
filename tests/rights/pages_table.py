"""Who gets which page: by hand, like table.py. A page is listed by the name of its address.

Whoever does not see the thing in the address gets 404, as if it did not exist; whoever sees it and may not do what the page is for
gets 403; a stranger is led to sign in. A page that stands in no table fails the test.
"""

from typing import NamedTuple

from tests.rights.table import (
    ALL_COMMENTING,
    ALL_JUDGES,
    ALL_OFFICERS,
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
WAYS = ("change", "confirm", "end", "follow")  # of keeping a customs rule by hand


class Page(NamedTuple):
    """One address about one thing: who may use it, among those who see the thing, and how the address is made."""

    thing: str
    may: frozenset[str] = ANYBODY_WHO_SEES
    more: tuple[str, ...] = ()  # what else stands in the address: a value, or the name of a thing
    method: str = "get"
    data: dict[str, str] | None = None

    @property
    def gets(self) -> frozenset[str]:
        """Who gets it."""
        return SEES[self.thing] & self.may

    @property
    def barred(self) -> frozenset[str]:
        """Who sees the thing and may not."""
        return SEES[self.thing] - self.may


PAGES: list[tuple[str, Page]] = [
    *(("need", Page(f"{kind}need")) for kind in ("", "draft ", "shared ", "network ", "public ")),
    *(("ask", Page(f"{kind}need", OFFICERS)) for kind in ("", "draft ", "shared ", "network ", "public ")),
    *(
        ("allocate", Page(f"{kind}need", OFFICERS))
        for kind in ("", "draft ", "shared ", "network ", "public ")
    ),
    *(("ask_contact", Page(f"{kind}need", OFFICERS, ("contact",))) for kind in ("", "shared ", "public ")),
    ("write_need", Page("draft need", OFFICERS, ("1",))),
    ("review_need", Page("draft need", OFFICERS)),
    *(("add_line", Page(f"{kind}need", OFFICERS)) for kind in ("", "draft ", "shared ", "public ")),
    ("need_line", Page("need", OFFICERS, ("line",))),
    ("criteria", Page("need", OWN, ("line",))),
    *(("inquiry", Page(f"{kind}inquiry")) for kind in ("", "unsent ", "second ")),
    *(("inquiry_letter", Page(f"{kind}inquiry")) for kind in ("", "unsent ", "second ")),
    *(("inbox", Page(f"{kind}need")) for kind in ("", "draft ", "shared ", "network ", "public ")),
    ("lead", Page("lead")),
    ("lead", Page("shared lead")),
    ("finding", Page("finding")),
    ("lead_prices", Page("lead")),  # what others asked: told to the city's own people alone
    ("lead_prices", Page("shared lead")),
    ("rate", Page("rate")),
    ("check", Page("check")),
    ("check_sheet", Page("check")),
    ("ask_another_city", Page("check", JUDGES, method="post")),
    ("reuse", Page("reuse")),
    *(("reuse_move", Page("reuse", JUDGES, (verb,), method="post")) for verb in ("agree", "refuse")),
    ("checks_of", Page("lead", OWN)),  # the rule goes by what the city thinks of the company
    ("checks_of", Page("shared lead", OWN)),
    ("assign_check", Page("check", JUDGES, data={"contact": "contact"})),
    ("allocation", Page("allocation")),
    ("allocation", Page("free allocation")),
    *(("order", Page(f"{kind}order")) for kind in ("", "draft ", "waiting ")),
    ("order", Page("gift")),
    ("payment", Page("payment")),
    *(("order_papers", Page(f"{kind}order")) for kind in ("", "draft ", "waiting ")),
    ("order_papers", Page("gift")),
    ("make_memo", Page("order", OFFICERS | people("own approver"), method="post")),
    ("ask_for_bundle", Page("order", method="post")),
    ("bundle", Page("bundle")),
    ("bundle_file", Page("bundle")),
    ("bundle_file_signed", Page("bundle", NOBODY, more=("user-1.9:x",))),
    ("memo", Page("memo")),
    ("memo_pdf", Page("memo", more=("en",))),
    ("memo_pdf_signed", Page("memo", NOBODY, more=("en", "user-1.9:x"))),
    ("shipment", Page("shipment")),
    ("shipment", Page("arrived shipment")),
    ("shipment", Page("back shipment")),
    ("destruction", Page("destruction")),
    ("shipment_papers", Page("shipment", OWN | BROKER)),  # whoever only sees where it is reads no paper
    ("shipment_papers", Page("arrived shipment", OWN)),
    ("make_paper", Page("shipment", DOCK, method="post", data={"kind": "exporter_data", "tongues": "en"})),
    (
        "make_gift_paper",
        Page("gift", OFFICERS, method="post", data={"kind": "donation_letter", "tongues": "en"}),
    ),
    *(
        (name, Page(made))
        for name in ("made_paper", "made_paper_pdf")
        for made in ("made paper", "gift letter")
    ),
    ("made_paper_pdf_signed", Page("made paper", NOBODY, more=("user-1.9:x",))),
    ("pack_shipment", Page("shipment", DOCK)),
    ("receive_shipment", Page("arrived shipment", DOCK)),
    *((name, Page("arrived shipment", DOCK)) for name in ("dock", "dock_finish")),
    ("dock_scan", Page("arrived shipment", DOCK, method="post", data={"number": "1"})),
    ("dock_carton", Page("arrived shipment", DOCK, ("carton",))),
    *((name, Page("arrived shipment", DOCK, ("carton",), "post")) for name in ("dock_undo", "dock_photo")),
    ("difference_case", Page("case")),
    ("supplier_deliveries", Page("supplier")),
    ("lane", Page("lane")),
    ("hold_lane", Page("lane", DOCK | people("own broker"))),
    ("hold", Page("hold")),
    ("paper", Page("paper")),
    ("ask_for_papers", Page("shipment", DOCK)),
    ("paper_call", Page("call")),
    ("paper_call_copy", Page("call", DOCK, method="post")),
    ("bring_paper", Page("paper", DOCK | people("own broker"), method="post")),
    ("paper_version", Page("paper_version")),
    ("lot", Page("lot")),
    ("hand_out_lot", Page("lot", DOCK)),
    ("hand_out", Page("hand_out")),
    ("relief_claim", Page("relief_claim")),
    ("thanks_pack", Page("thanks_pack")),
    ("thanks_note", Page("thanks_note")),
    ("receipt", Page("receipt")),
    ("standing", Page("standing")),
    ("supplier", Page("supplier")),
    ("declare_interest", Page("supplier")),
    ("interest", Page("interest")),
    ("interest_move", Page("interest", JUDGES, ("end",), method="post", data={"reason": "sold"})),
    ("add_certificate", Page("supplier", ALL_OFFICERS)),
    ("add_account", Page("supplier", ALL_OFFICERS)),
    ("certificate", Page("certificate")),
    ("add_look_up", Page("supplier", ALL_JUDGES)),
    ("judge_supplier", Page("supplier", ALL_JUDGES)),
    ("look_up", Page("lookup")),
    ("company_change", Page("company_change")),
    ("add_fact", Page("supplier", ALL_JUDGES)),
    ("company_fact", Page("companyfact")),
    ("watch_list", Page("list")),
    ("customs_rule", Page("customs rule")),
    ("duty_relief", Page("duty relief")),
    *(("keep_customs_rule", Page("customs rule", COORDINATORS, (way,))) for way in WAYS),
    *(("keep_duty_relief", Page("duty relief", COORDINATORS, (way,))) for way in WAYS),
    ("list_match", Page("match")),
    ("bank_account", Page("account")),
    ("file", Page("file")),
    ("file", Page("paper file")),
    ("file_page", Page("file", more=("1", "small"))),
    # An address that nobody signed; the signed ones: leaks/test_files.py.
    *(("file_signed", Page(thing, NOBODY, more=("user-1.9:x",))) for thing in ("file", "paper file")),
    ("file_page_signed", Page("file", NOBODY, more=("user-1.9:x", "1", "small"))),
    ("file_page", Page("paper file", more=("1", "large"))),
    ("city", Page("city")),
    ("limits", Page("city limits")),
    ("delegate", Page("city limits", people("own approver"))),
    (
        "end_delegation",
        Page("delegation", people("own administrator", "own approver", "own observer"), method="post"),
    ),
    ("people", Page("city people")),
    ("invite", Page("city people", people("own administrator", "coordinator"))),
    ("twinning", Page("twinning")),
    ("reciprocity", Page("city", more=("twin",))),
    ("propose_city", Page("city")),
    ("propose_twinning", Page("twinning")),
    ("propose_exchange", Page("exchange")),
    ("correction", Page("correction")),
    ("dispute", Page("dispute")),
    ("add_claim", Page("twinning", WATCHING | people("own administrator"))),
    ("claim_city", Page("city", WATCHING | people("own administrator"))),
    ("claim_exchange", Page("exchange", WATCHING | people("own administrator"))),
    ("add_twinning", Page("city", KEEPERS)),
    ("add_exchange", Page("city", KEEPERS)),
    ("add_organisation", Page("twin", INVITING)),
    ("add_contact", Page("twin", INVITING)),
    ("contact", Page("contact")),
    # Posted only: what is said and brought about a thing, a role that is ended, an invitation that is sent again or taken back.
    *(("need_again", Page(f"{kind}need", OFFICERS, method="post")) for kind in ("", "shared ", "public ")),
    ("say", Page("lead", COMMENTING, method="post", data={"text": "hello"})),
    ("say", Page("shared lead", COMMENTING, method="post", data={"text": "hello"})),
    ("say", Page("public need", COMMENTING, method="post", data={"text": "hello"})),
    ("say", Page("shipment", COMMENTING, method="post", data={"text": "hello"})),
    *(
        ("say", Page(shared, ALL_COMMENTING, method="post", data={"text": "hello"}))
        for shared in ("supplier", "certificate", "twinning")
    ),
    ("say", Page("city", COMMENTING, method="post", data={"text": "hello"})),
    ("say", Page("contact", people("partner officer"), method="post", data={"text": "hello"})),
    ("bring", Page("twinning", ALL_COMMENTING, method="post")),
    ("bring", Page("contact", people("partner officer"), method="post")),
    *(
        ("say", Page(thing, COMMENTING | BROKER, method="post", data={"text": "hello"}))
        for thing in ("paper", "lane", "hold")
    ),
    ("bring", Page("lead", COMMENTING, method="post")),
    ("bring", Page("paper", COMMENTING | BROKER, method="post")),
    ("bring", Page("shared need", COMMENTING, method="post")),
    ("inquiry_copy", Page("inquiry", OFFICERS, method="post")),
    ("reminder", Page("inquiry", OFFICERS)),
    ("inquiry_offer", Page("inquiry", OFFICERS)),
    ("thanks", Page("thanks")),
    *(("change_notice", Page("notice", more=(verb,), method="post")) for verb in ("read", "unread", "open")),
    ("open_answer", Page("question to them", method="post")),
    ("open_report", Page("check given to them", method="post")),
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
    *(("import_move", Page("import", more=(verb,), method="post")) for verb in ("start", "withdraw", "drop")),
]

# Pages about nothing in particular, and who gets them (the rest: 403). What is on them is searched like everything else.
HOMES: dict[str, frozenset[str]] = {
    "lots": EVERYONE,
    "difference_cases": EVERYONE,
    "relief_claims": EVERYONE,
    "thanks_packs": EVERYONE,
    **dict.fromkeys(
        "today needs inquiries leads compare_leads checks allocations orders shipments suppliers cities corrections network untapped "
        "payments rates interests register_files outbox account calendar notice_choices notices api_tokens usersessions_list".split(),
        EVERYONE,
    ),
    "post_need": OFFICERS | people("shared officer", "foreign officer", "partner officer"),
    "enter_supplier": ALL_OFFICERS,
    "upload_list": KEEPERS,
    "add_customs_rule": COORDINATORS,
    "add_duty_relief": COORDINATORS,
    "enter_lead": ALL_OFFICERS,
    "enter_rate": ALL_OFFICERS,
    "write_order": ALL_OFFICERS,
    "plan_shipment": ALL_OFFICERS | people("own logistics", "shared logistics", "foreign logistics"),
    "tracking_file": ALL_OFFICERS
    | people("own logistics", "shared logistics", "foreign logistics")
    | BROKERS,
}
# These say 404 to whoever has nothing there: nobody else learns that the page exists.
HIDDEN_HOMES: dict[str, frozenset[str]] = {
    "network_people": people("coordinator"),
    "network_invite": people("coordinator"),
    "styleguide": NOBODY,
    "watch_lists": STAFF | COORDINATORS,
    "list_matches": STAFF,
}
# Lists that are taken home as CSV: `?as=csv`.
SHEETS = (
    *"interests needs inquiries leads checks allocations orders payments shipments lots suppliers difference_cases".split(),
    *"untapped corrections rates relief_claims thanks_packs".split(),
)
TABLES = ("cities", "agreements", "exchanges")  # the register as files, for everybody who is signed in

# Moves have a table of their own: moves_table.py.
MOVE_PAGES = frozenset(
    "need_move inquiry_move lead_move rate_move finding_move check_move allocation_move order_move payment_move shipment_move "
    "difference_case_move "
    "lane_move hold_move paper_move paper_call_move paper_version_move "
    "lot_move hand_out_move receipt_move supplier_move certificate_move look_up_move company_fact_move "
    "relief_claim_move thanks_pack_move destruction_move "
    "bank_account_move company_change_move "
    "twinning_move contact_move correction_move dispute_move watch_list_move list_match_move bundle_move".split()
)
# By a link: links_table.py.
LINK_PAGES = frozenset(
    "case_answer answer answer_receipt answer_decline answer_colleague answer_photo introduce introduce_refuse "
    "report report_take report_decline report_colleague "
    "report_photo report_sheet report_phone "
    "handing handing_paper handing_photo handing_cannot handing_receipt handing_where handing_lane "
    "handing_file handing_file_signed handing_made handing_made_signed "
    "answer_file answer_file_signed report_file report_file_signed my_paper my_paper_signed "
    "my_photo my_letter my_things my_away my_thanks my_question agree my_details my_file link link_again link_not_for_me stop_mail "
    "my_page my_photo my_letter stop_kind calendar_feed join practice_sign_in".split()
)
# One's own, by a number of one's own: somebody else's is 404 (test_own.py).
OWN_THINGS = frozenset({"revoke_token", "end_session"})
# What is done to one's own alone, with no number in the address: there is nobody else's to reach (test_notices.py, test_views.py).
OWN_DEEDS = frozenset({"read_notices", "withdraw_calendar", "keep_view", "drop_view"})
# The same for everybody; they name nothing and nobody.
PUBLIC = {
    "healthz": "a machine asks whether the process lives",
    "readyz": "a machine asks whether the database answers",
    "metrics": "figures of the machinery; behind METRICS_TOKEN where one is set",
    "set_language": "the reader's own pages",
    "theme": "the reader's own pages",
    "next_morning": "the clock of a practice instance, for whoever plays on it",
    "send_now": "mail of a practice instance goes nowhere; whoever plays on it reads all of it",
    "outbox_mail": "the same",
    "outbox_attachment": "the same",
    "certificate_kinds": "facts from published sources, for whoever is signed in",
    "certificate_kind": "the same",
    "asked_papers": "facts from published sources, for whoever is signed in",
    "customs_rules": "the same",
    "rules": "what the rules look at and where they come from, for whoever is signed in",
    "register_file": "TABLES above",
    "register_workbook": "the same",
    "mail_events": "the mail provider, by its secret; it learns nothing (test_mail_events.py)",
    "memo_check": "whoever holds the paper: of which city and order, of what moment, with which hashes (test_memos.py)",
    "made_paper_check": "whoever holds the paper: of which shipment or gift, of what moment, with which hashes (test_made.py)",
    "whereabouts": "whoever holds the code: what goods, from which city or country, where they are (test_public.py)",
    "letter_check": "whoever holds the paper: who wrote it, of what day, about which goods (test_letters.py)",
}
EXTERNAL = ("account_", "mfa_")  # django-allauth's pages: about whoever is signed in, or how to sign in
