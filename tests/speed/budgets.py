"""How many statements one thing takes at most, written down: whoever adds one writes it here, and thinks of who waits for it.

Counted in are a page's own five (session, person, powers, the figure beside Today, a practice instance's clock) and the API's two
(token, powers).
"""

# Pages about one thing, by the name of their address in tests/procurement/one_of_each.py.
PAGES = {
    "need": 24,
    "ask": 15,  # with whom an agreement has ended, as of the practice clock
    "allocate": 9,
    "inquiry": 13,  # whether an agreement it goes through has ended, as of the practice clock
    "lead": 29,  # with the companies that concern its reader; the light: the rows of the company, its standing; the papers of its lane
    "lead_prices": 21,
    "rate": 10,
    "finding": 5,
    "check": 14,  # with what it asks, and what another city has
    "assign_check": 13,
    "allocation": 15,  # the light of the order it stands in: its lines, what blocks them, the company
    "order": 34,  # the light, the criteria, the findings, the peers of the price, what was sought; what holds the money of a placed one
    "payment": 5,
    "order_papers": 11,
    "memo": 6,
    "bundle": 6,
    # What came in of its papers and of whom they are asked; what to look at: the need's day, the city's past shipments.
    "shipment": 28,
    "shipment_papers": 15,
    "made_paper": 6,
    "pack_shipment": 8,
    "receive_shipment": 8,
    "dock": 10,
    "dock_finish": 10,
    "difference_case": 12,
    "supplier_deliveries": 11,
    "lane": 5,
    "hold_lane": 7,
    "hold": 5,
    "paper": 16,  # with whether its rule names a template, and its versions with their files
    "ask_for_papers": 11,  # whom one would ask first
    "paper_call": 15,
    "lot": 15,  # its checklist, what was measured, where it went
    "receipt": 6,
    "relief_claim": 12,
    "thanks_pack": 20,
    "standing": 8,  # with all the city thought before
    "supplier": 23,  # with the companies that concern its reader, and those a source says the same of
    "checks_of": 15,  # with all the rule goes by
    "declare_interest": 8,
    "interest": 7,
    "reuse": 12,
    "watch_list": 13,
    "list_match": 13,  # with the companies that concern its reader
    "add_certificate": 12,  # kinds, bodies, standards and goods to choose from
    "add_account": 7,
    "add_fact": 9,
    "judge_supplier": 14,
    "company_fact": 6,
    "add_look_up": 10,  # the goods an answer may be about
    "look_up": 12,
}

# The API's details, by collection.
API = {
    "allocations": 4,
    "bank-accounts": 5,  # with the companies that concern its reader
    "certificate-kinds": 4,
    "certificates": 8,  # the looks at its issuer as well, and the companies that concern its reader
    "cities": 4,
    "comments": 5,
    "contacts": 5,
    "corrections": 4,
    "customs-holds": 4,
    "customs-lanes": 4,
    "customs-papers": 4,
    "paper-calls": 4,
    "paper-versions": 4,
    "customs-rules": 4,
    "declarations": 4,
    "difference-cases": 5,  # whether a gift asks for an answer
    "destructions": 4,
    "disputes": 5,
    "duty-reliefs": 4,
    "entries": 5,
    "entered-rates": 4,
    "exchanges": 4,
    "files": 5,
    "findings": 5,
    "hand-outs": 4,
    "inquiries": 4,
    "inspection-points": 4,
    "inspections": 5,  # with what was measured
    "look-ups": 4,
    "company-facts": 4,
    "list-matches": 7,  # with the companies that concern its reader
    "listed-names": 4,
    "made-papers": 4,
    "lots": 7,
    "memos": 5,
    "bundles": 4,
    "milestones": 5,  # with the days that were named
    "notices": 6,
    "notified-bodies": 4,
    "orders": 7,
    "organisations": 4,
    "payments": 10,  # what holds its money: the account, another one, lists, findings
    "products": 5,
    "receipts": 8,
    "relief-claims": 4,
    "reports": 4,
    "shipments": 9,  # with what of it goes back
    "standards": 4,
    "supplier-leads": 6,
    "suppliers": 5,
    "supply-requests": 7,
    "thanks-packs": 4,
    "tracking-batches": 4,
    "tracking-events": 4,
    "twinnings": 4,
    "verification-tasks": 6,  # with what each asks
    "watch-lists": 4,
}

# An offer that is screened again and nothing new is found; new findings add six statements, however many they are.
SCREENED = 37
