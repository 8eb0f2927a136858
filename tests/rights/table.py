"""Who gets what at every door: written by hand, from the roles' one sentence each, and never from the rules.

A page is listed by the name of its address. `sees` are the columns that get it (200, or a redirect within it), `barred` those who may
see the thing but not do this (403); everybody else who is signed in gets 404, and a stranger without a session is sent to sign in.
"""

from typing import NamedTuple

EVERYONE = frozenset(
    f"{city} {role}"
    for city in ("own", "foreign")
    for role in ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")
) | {"coordinator"}
# Whoever reads what is the city's own: every role but the broker, who sees the shipments given to them.
OWN = frozenset(who for who in EVERYONE if who.startswith("own ") and "broker" not in who)
STAFF = frozenset(who for who in EVERYONE if "broker" not in who and who != "coordinator")  # of any city
COORDINATED = OWN | {"coordinator"}
OFFICER = frozenset({"own officer"})
JUDGES = frozenset({"own officer", "own verifier"})
DOCK = frozenset({"own officer", "own logistics"})


class Page(NamedTuple):
    """One address: whose thing stands in it, who gets it, who is barred."""

    thing: str
    sees: frozenset[str]
    barred: frozenset[str] = frozenset()


# Pages about one thing of a city, reached with GET.
PAGES = {
    "need": Page("need", COORDINATED),
    "ask": Page("need", COORDINATED),
    "allocate": Page("need", COORDINATED),
    "inquiry": Page("inquiry", COORDINATED),
    "lead": Page("lead", OWN),
    "finding": Page("finding", OWN),
    "check": Page("check", COORDINATED),
    "assign_check": Page("check", COORDINATED),
    "allocation": Page("allocation", OWN),
    "order": Page("order", OWN),
    "payment": Page("payment", OWN),
    "shipment": Page("shipment", OWN),
    "pack_shipment": Page("shipment", OWN),
    "receive_shipment": Page("shipment", OWN),
    "lane": Page("lane", OWN),
    "hold_lane": Page("lane", OWN),
    "hold": Page("hold", OWN),
    "paper": Page("paper", OWN),
    "lot": Page("lot", OWN),
    "receipt": Page("receipt", OWN),
    "standing": Page("standing", OWN),
    "supplier": Page("supplier", STAFF),
    "add_certificate": Page("supplier", STAFF),
    "add_account": Page("supplier", STAFF),
}

# Moves posted to a page: (thing, verb) -> who may; whoever sees the thing and may not is barred (403), the rest get 404.
MOVES = {
    ("need", "stop"): OFFICER,
    ("need", "reconfirm"): OFFICER,
    ("need", "withdraw"): OFFICER,
    ("inquiry", "cancel"): OFFICER,
    ("lead", "edit"): OFFICER,
    ("lead", "verify"): frozenset(
        {"own verifier"}
    ),  # the officer entered this offer: a second person verifies it
    ("lead", "reject"): JUDGES,
    ("finding", "answer"): JUDGES,
    ("check", "accept"): JUDGES,
    ("check", "cancel"): JUDGES,
    ("allocation", "release"): OFFICER,
    ("order", "edit"): OFFICER,
    ("order", "cancel"): OFFICER,
    ("shipment", "depart"): DOCK,
    ("shipment", "cancel"): DOCK,
    ("lane", "release"): DOCK,
    ("hold", "end"): DOCK,
    ("paper", "draft"): DOCK,
    ("lot", "inspect"): DOCK,
    ("receipt", "take_back"): DOCK,
}

# Lists and homes: everybody who is signed in gets the page, and on it only what is theirs (the canaries look).
LISTS = frozenset(
    "today needs inquiries leads checks allocations orders shipments suppliers cities network register_files outbox account "
    "api_tokens usersessions_list enter_supplier enter_lead write_order plan_shipment post_need".split()
)

# Addresses other tables and tests speak of: why each needs no row here.
ELSEWHERE = {
    "healthz readyz metrics": "machines ask them; they name nothing (tests/workflow/doors)",
    "set_language theme next_morning send_now": "posted by anybody; they change the reader's own view, or a practice clock",
    "outbox_mail outbox_attachment": "mail of a practice instance (tests/procurement/web)",
    "say bring file": "what belongs to a thing is found through the thing (test_what_is_said_and_brought)",
    "need_move inquiry_move lead_move finding_move check_move allocation_move order_move payment_move shipment_move "
    "lane_move hold_move paper_move lot_move receipt_move supplier_move certificate_move bank_account_move": "MOVES above",
    "write_need review_need ask_contact certificate bank_account": "found through the thing they belong to",
    "open_answer open_report": "posted by the contact who was asked, nobody else: tests/procurement/web/test_today.py",
    "answer answer_receipt answer_decline answer_colleague answer_photo report report_take report_decline "
    "report_colleague report_photo my_page agree my_details my_file link link_again link_not_for_me stop_mail join "
    "practice_sign_in": "links: tests/accounts, tests/partners",
    "styleguide": "staff of the server only (tests/workflow/doors)",
    "city contact contact_move people invite network_people network_invite end_role change_invitation "
    "twinning twinning_move add_twinning add_exchange add_organisation add_contact register_file": "the register: tests/partners",
    "revoke_token end_session": "one's own: tests/accounts",
}
EXTERNAL = (
    "account_",
    "mfa_",
    "admin",
    "api",
)  # django-allauth's own pages; Django's admin; the API's table stands in test_api.py
