"""The maximum number of SQL statements for one object: a new statement must be written here first.

The figures include a page's own three (the session with its person and the practice clock, powers, the figure beside
Today) and the API's two (token, powers). A page takes at most fifteen; those above are still to be mended.
"""

# Pages about one object, by the name of their address in tests/worlds/one_of_each/pages.py.
PAGES = {
    "need": 20,  # with the reasons why offered goods do not count
    "ask": 13,  # with agreements that have ended, as of the practice clock
    "allocate": 11,  # with the reasons why offered goods do not count, and the orders that count with a new one
    "inquiry": 9,  # with the end of the agreement it goes through, as of the practice clock
    # With declared interests; the traffic light: rows and status of the supplier, documents for its clearance; and the
    # certificates that its contact can be asked for.
    "lead": 27,
    "lead_prices": 18,
    "manual_rate": 7,
    "finding": 4,
    "check": 9,  # with its questions, and the checks of another city
    "assign_check": 11,
    "allocation": 12,  # the traffic light of its order: lines, blockers, supplier
    "order": 14,  # traffic light, findings, payments with their blockers; what most orders lack is asked with the order
    "payment": 4,
    "order_documents": 10,
    "decision_memo": 4,
    "audit_file": 4,
    # With submitted documents, document requests, alerts (due date of the need, the city's past shipments), and the declared use
    # of its goods.
    "shipment": 24,
    "shipment_documents": 12,
    "generated_document": 4,
    "pack_shipment": 7,
    "receive_shipment": 7,
    "dock": 9,
    "dock_finish": 9,
    "discrepancy": 8,
    "supplier_deliveries": 9,
    "clearance": 4,
    "add_hold": 8,
    "customs_hold": 4,
    "customs_document": 10,  # with the template of its rule, and its submissions with their files
    "add_document_request": 8,  # with whom to ask first
    "document_request": 12,
    "lot": 12,  # with checklist, readings and distributions
    "goods_receipt": 5,
    "relief_claim": 8,
    "thank_you": 15,
    "supplier_status": 7,  # with the city's earlier decisions
    "supplier": 22,  # with declared interests, and companies with the same facts
    "checks_of_lead": 12,  # with all inputs of the rule
    "declare_interest": 7,
    "interest": 7,  # with the person's roles and contacts
    "check_reuse": 10,
    "watchlist": 10,
    "watchlist_match": 12,  # with declared interests
    "add_certificate": 10,  # choices: certificate types, notified bodies, standards, products
    "add_account": 6,
    "add_fact": 7,
    "set_supplier_status": 11,
    "supplier_fact": 5,
    "add_register_lookup": 8,  # with the products that an answer may be about
    "register_lookup": 10,
    "supplier_change": 9,
}

# Details of the API by collection, each with its version for `ETag` and the practice clock for its moves.
API = {
    "allocations": 5,
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
    "orders": 11,  # with the orders that count together against the approval limit
    "organizations": 4,
    "payments": 11,  # with its blockers: the account, another account, watchlists, findings
    "products": 6,  # as known on the day of the practice clock
    "goods-receipts": 9,
    "relief-claims": 5,
    "check-reports": 4,
    "shipments": 10,  # with its returns
    "standards": 4,
    "supplier-leads": 11,  # with the certificates that its contact can be asked for
    "suppliers": 11,
    "supply-requests": 8,
    "thank-yous": 5,
    "tracking-batches": 4,
    "tracking-events": 4,
    "agreements": 5,
    "verification-tasks": 7,  # with the questions of each
    "watchlists": 5,
}

# An offer is screened again without new findings; any number of new findings adds six statements.
SCREENED = 37
