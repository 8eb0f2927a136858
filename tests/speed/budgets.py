"""Budgets of SQL statements for each page about one object and each API detail.

A new statement must be added here first. The figures include a page's own three statements (the session with
its person and the practice clock; powers; the number beside Today in the menu) and the API's two (token,
powers). A page takes at most fifteen.
"""

# Pages about one object, by the name of their address in tests/worlds/one_of_each/pages.py.
PAGES = {
    # With accepted alternatives, the reasons why offered goods do not count, and the answers for everyone asked.
    "need": 15,
    "ask": 13,  # with agreements that have ended, as of the practice clock, known makers, and gifts of such goods
    # With the reasons why offered goods do not count, and the orders that count with a new one; what the lines accept: standards,
    # alternatives and known equivalences.
    "allocate": 12,
    # With offers, what the lines accept (standards, alternatives, known equivalences), and lots in the city's store.
    "need_candidates": 11,
    # With the end of the agreement it goes through, as of the practice clock, and the answers to questions.
    "inquiry": 8,
    # With declared interests, the traffic light, and past deliveries; the documents for its clearance are read when opened.
    "lead": 13,  # with the unwanted goods of its city
    "lead_prices": 15,
    "lead_candidates": 9,  # with the need lines and what they accept
    "manual_rate": 5,
    "unwanted_goods_entry": 5,
    "letter_template": 5,
    "consent": 7,  # with the inquiry it was given with, and those sent with it
    "finding": 3,
    "check": 7,  # with its questions, and the checks of another city
    "assign_check": 9,
    "allocation": 10,  # the traffic light of its order: lines, blockers, supplier
    "allocation_plan": 10,  # with its cities, lines, rows and goods, and plans to compare with
    "order": 12,  # traffic light, findings, payments with their blockers; what most orders lack is asked with the order
    "payment": 3,
    "order_acknowledgement": 3,
    "order_documents": 11,  # with the purchase order: its versions, and the goods it lacks something of
    "decision_memo": 3,
    "audit_file": 3,
    # With submitted documents, document requests, alerts (due date of the need, the city's past shipments), and the declared use
    # of its goods; the dates named for its steps are read when opened.
    "shipment": 15,
    "shipment_documents": 11,
    "generated_document": 3,
    "pack_shipment": 5,
    "receive_shipment": 5,
    "dock": 7,
    "finish_count": 7,
    "discrepancy": 6,
    "supplier_deliveries": 7,
    "clearance": 3,
    "add_hold": 6,
    "customs_hold": 3,
    "customs_document": 8,  # with the template of its rule, and its submissions with their files
    "add_document_request": 6,  # with whom to ask first
    "document_request": 10,
    "lot": 9,  # with checklist, readings and distributions
    "goods_receipt": 4,
    "relief_claim": 6,
    "thank_you": 14,
    "supplier_status": 5,  # with the city's earlier decisions
    "hold_orders": 6,
    "supplier": 15,  # with declared interests, and companies with the same facts; its deliveries are read when opened
    "checks_of_lead": 10,  # with all inputs of the rule
    "declare_interest": 5,
    "interest": 5,  # with the person's roles and contacts
    "check_reuse": 8,
    "watchlist": 8,
    "watchlist_match": 10,  # with declared interests
    "add_certificate": 8,  # choices: certificate types, notified bodies, standards, products
    "add_account": 4,
    "add_fact": 5,
    "set_supplier_status": 9,
    "supplier_fact": 4,
    "add_register_lookup": 6,  # with the products that an answer may be about
    "register_lookup": 8,
    "supplier_change": 7,
}

# Today in a city where nearly everything waits: one statement for each model with rows, one each for the goods of
# orders and of shipments, and one for the figures above the rows.
TODAY_OF_OFFICER = 16
TODAY = 17  # of any person, also of one with several roles

FOR_ADMINISTRATORS = {"webhooks", "webhook-endpoints", "webhook-deliveries"}  # an officer reads none of them

# Details of the API by collection, each with its version for `ETag` and the practice clock for its moves.
API = {
    "allocations": 5,
    "allocation-plans": 7,  # with its lines and rows
    "bank-accounts": 8,  # with declared interests, and the cities that pay into it
    "certificate-types": 5,  # as known on the day of the practice clock
    "certificates": 12,  # with the register lookups at its issuer, and declared interests
    "cities": 4,
    "comments": 5,
    "contacts": 6,
    "corrections": 5,
    "customs-holds": 5,
    "customs-clearances": 6,  # with the declared use of the goods
    "customs-documents": 5,
    "document-requests": 5,
    "document-submissions": 5,
    "customs-rules": 5,  # as known on the day of the practice clock
    "declarations": 4,
    "discrepancies": 6,  # with the question if a donation needs an answer
    "destructions": 5,
    "disputes": 6,
    "duty-reliefs": 5,  # as known on the day of the practice clock
    "entries": 5,
    "manual-rates": 5,
    "unwanted-goods": 5,
    "letter-templates": 5,
    "consents": 5,
    "exchanges": 4,
    "files": 6,
    "findings": 6,
    "distributions": 5,
    "inquiries": 5,
    "inspection-points": 4,
    "inspections": 5,  # with the readings
    "register-lookups": 8,
    "supplier-changes": 7,
    "supplier-facts": 9,
    "watchlist-matches": 10,  # with declared interests
    "watchlist-entries": 4,
    "generated-documents": 5,
    "lots": 7,
    "decision-memos": 6,
    "audit-files": 5,
    "milestones": 5,  # with the named dates
    "notifications": 6,
    "notified-bodies": 4,
    "order-acknowledgements": 7,  # its moves ask for the current version of the purchase order
    "orders": 11,  # with the orders that count together against the approval limit
    "organizations": 4,
    "payments": 11,  # with its blockers: the account, another account, watchlists, findings
    "products": 6,  # as known on the day of the practice clock
    "goods-receipts": 9,
    "relief-claims": 5,
    "check-reports": 4,
    "shipments": 10,  # with its returns
    "standards": 4,
    "supplier-leads": 12,  # with unwanted goods, and the certificates that its contact can be asked for
    "suppliers": 11,
    "supply-requests": 9,  # with the accepted alternatives of its lines
    "thank-yous": 5,
    "tracking-batches": 4,
    "tracking-events": 4,
    "agreements": 5,
    "verification-tasks": 7,  # with the questions of each
    "watchlists": 5,
    "webhook-deliveries": 4,
    "webhook-endpoints": 5,
}

# An offer is screened again without new findings; any number of new findings adds six statements.
SCREENED = 37
