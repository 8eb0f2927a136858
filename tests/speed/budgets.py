"""How many statements one thing takes at most, written down: whoever adds one writes it here, and thinks of who waits for it.

Counted in are a page's own five (session, person, powers, the figure beside Today, a practice instance's clock) and the API's two
(token, powers).
"""

# Pages about one thing, by the name of their address in tests/procurement/one_of_each.py.
PAGES = {
    "need": 24,  # with why offered goods do not count
    "ask": 14,  # with whom an agreement has ended, as of the practice clock
    "allocate": 10,  # with why offered goods do not count
    "inquiry": 12,  # whether an agreement it goes through has ended, as of the practice clock
    "lead": 25,  # with the companies that concern its reader; the light: the rows of the company, its standing; the papers of its lane
    "lead_prices": 20,
    "rate": 10,
    "finding": 5,
    "check": 12,  # with what it asks, and what another city has
    "assign_check": 12,
    "allocation": 16,  # the light of the order it stands in: its lines, what blocks them, the company
    "order": 33,  # the light, the criteria, the findings, the peers of the price, what was sought; what holds the money of a placed one
    "payment": 5,
    "order_papers": 11,
    "memo": 5,
    "bundle": 5,
    # What came in of its papers and of whom they are asked; what to look at: the need's day, the city's past shipments; for what
    # its goods are declared.
    "shipment": 29,
    "shipment_papers": 13,
    "made_paper": 5,
    "pack_shipment": 8,
    "receive_shipment": 8,
    "dock": 10,
    "dock_finish": 10,
    "difference_case": 11,
    "supplier_deliveries": 11,
    "lane": 5,
    "hold_lane": 9,
    "hold": 5,
    "paper": 14,  # with whether its rule names a template, and its versions with their files
    "ask_for_papers": 9,  # whom one would ask first
    "paper_call": 15,
    "lot": 15,  # its checklist, what was measured, where it went
    "receipt": 6,
    "relief_claim": 11,
    "thanks_pack": 20,
    "standing": 8,  # with all the city thought before
    "supplier": 41,  # with the companies that concern its reader, and those a source says the same of
    "checks_of": 14,  # with all the rule goes by
    "declare_interest": 8,
    "interest": 8,  # with where the person works and is a contact
    "reuse": 11,
    "watch_list": 13,
    "list_match": 16,  # with the companies that concern its reader
    "add_certificate": 12,  # kinds, bodies, standards and goods to choose from
    "add_account": 7,
    "add_fact": 8,
    "judge_supplier": 13,
    "company_fact": 6,
    "add_look_up": 9,  # the goods an answer may be about
    "look_up": 14,
    "company_change": 12,
}

# The API's details, by collection: each with its version for `ETag`, and the clock that its moves are open by.
API = {
    "allocations": 5,
    "bank-accounts": 8,  # with the companies that concern its reader, and the cities that pay into it
    "certificate-kinds": 5,  # as known on the day of the practice clock
    "certificates": 12,  # the looks at its issuer as well, and the companies that concern its reader
    "cities": 4,
    "comments": 5,
    "contacts": 6,
    "corrections": 5,
    "customs-holds": 5,
    "customs-lanes": 6,  # with for what the goods are declared
    "customs-papers": 5,
    "paper-calls": 5,
    "paper-versions": 5,
    "customs-rules": 5,  # as known on the day of the practice clock
    "declarations": 4,
    "difference-cases": 6,  # whether a gift asks for an answer
    "destructions": 5,
    "disputes": 6,
    "duty-reliefs": 5,  # as known on the day of the practice clock
    "entries": 5,
    "entered-rates": 5,
    "exchanges": 4,
    "files": 6,
    "findings": 6,
    "hand-outs": 5,
    "inquiries": 5,
    "inspection-points": 4,
    "inspections": 5,  # with what was measured
    "look-ups": 8,
    "company-changes": 7,
    "company-facts": 9,
    "list-matches": 10,  # with the companies that concern its reader
    "listed-names": 4,
    "made-papers": 5,
    "lots": 7,
    "memos": 6,
    "bundles": 5,
    "milestones": 5,  # with the days that were named
    "notices": 6,
    "notified-bodies": 4,
    "orders": 8,
    "organisations": 4,
    "payments": 11,  # what holds its money: the account, another one, lists, findings
    "products": 6,  # as known on the day of the practice clock
    "receipts": 9,
    "relief-claims": 5,
    "reports": 4,
    "shipments": 10,  # with what of it goes back
    "standards": 4,
    "supplier-leads": 7,
    "suppliers": 11,
    "supply-requests": 8,
    "thanks-packs": 5,
    "tracking-batches": 4,
    "tracking-events": 4,
    "twinnings": 5,
    "verification-tasks": 7,  # with what each asks
    "watch-lists": 5,
}

# An offer that is screened again and nothing new is found; new findings add six statements, however many they are.
SCREENED = 37
