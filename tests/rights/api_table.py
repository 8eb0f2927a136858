"""Rights to the collections of the API, written by hand; a collection missing here fails the test.

Everyone with a token may read a list, which holds the objects they see. An object is returned to
those who may see it (`SEES` in reading_rights_table.py), and is 404 for others.
"""

from typing import Any, NamedTuple

from tests.rights.reading_rights_table import (
    ALL_JUDGES,
    ALL_OFFICERS,
    ASKED,
    BROKER,
    COMMENTING,
    DOCK,
    EVERYONE,
    INVITING,
    JUDGES,
    KEEPERS,
    OFFICERS,
    OWN,
    WATCHING,
    people,
)

# Collections with Burnaby's objects in each.
COLLECTIONS: dict[str, tuple[str, ...]] = {
    "cities": ("city",),
    "agreements": ("agreement",),
    "exchanges": ("exchange",),
    "corrections": ("correction",),
    "disputes": ("dispute",),
    "organizations": ("organization",),
    "contacts": ("contact",),
    "supply-requests": ("need", "draft need", "waiting need", "shared need", "network need", "public need"),
    "unwanted-goods": ("unwanted",),
    "letter-templates": ("template",),
    "inquiries": ("inquiry", "unsent inquiry", "second inquiry", "introduced inquiry"),
    "consents": ("consent",),
    "suppliers": ("supplier",),
    "supplier-facts": ("companyfact",),
    "supplier-changes": ("company_change",),
    "register-lookups": ("lookup",),
    "certificates": ("certificate",),
    "bank-accounts": ("account",),
    "watchlists": ("list",),
    "watchlist-entries": ("listed name",),
    "watchlist-matches": ("match",),
    "supplier-leads": ("lead", "shared lead"),
    "findings": ("finding",),
    "manual-rates": ("rate",),
    "verification-tasks": ("check", "open check"),
    "check-reports": ("report",),
    "allocations": ("allocation", "free allocation"),
    "allocation-plans": ("plan", "joint plan"),
    "orders": ("order", "draft order", "waiting order", "sent order", "gift"),
    "order-acknowledgements": ("acknowledgement",),
    "payments": ("payment",),
    "decision-memos": ("memo",),
    "audit-files": ("audit_file",),
    "shipments": ("shipment", "arrived shipment", "back shipment"),
    "milestones": ("milestone",),
    "tracking-events": ("event",),
    "tracking-batches": ("batch",),
    "customs-clearances": ("clearance",),
    "declarations": ("declaration",),
    "customs-documents": ("document",),
    "customs-holds": ("hold",),
    "document-requests": ("document_request",),
    "document-submissions": ("submission",),
    "goods-receipts": ("receipt",),
    "discrepancies": ("discrepancy",),
    "lots": ("lot",),
    "inspections": ("inspection",),
    "generated-documents": ("generated document", "purchase order", "gift letter"),
    "distributions": ("distribution",),
    "relief-claims": ("relief_claim",),
    "thank-yous": ("thank_you",),
    "destructions": ("destruction",),
    "comments": ("comment", "document comment"),
    "files": ("file", "document file"),
    "entries": ("entry",),
    "notifications": ("notice",),
    "webhook-endpoints": ("webhook",),
    "webhook-deliveries": ("webhook delivery",),
}
# Reference data, the same for everyone who is signed in.
REFERENCE = frozenset(
    "products standards inspection-points certificate-types notified-bodies customs-rules duty-reliefs".split()
)
# Answers about the register for everyone who is signed in; past inquiries appear only for the reader's own cities.
ANSWERS = frozenset({"untapped", "required-documents"})
# Public: the description of the API, without any data.
PUBLIC = frozenset({"api", "api-docs", "api-docs-chapter", "api-schema"})
UNKNOWN_ADDRESS = "api-nowhere"  # 404 for everyone who is signed in

# Filters by an object: an object that the reader may not see finds the same as one that does not exist. The other filters
# take plain values.
OBJECT_FILTERS = {
    "supply_request": "need",
    "supplier": "supplier",
    "lead": "lead",
    "task": "check",
    "order": "order",
    "shipment": "shipment",
    "returned_from": "shipment",
    "clearance": "clearance",
    "document": "document",
    "lot": "lot",
    "contact": "contact",
    "about": "lead",
    "watchlist": "list",
    "city": "city",
    "place": "city",
    "organization": "organization",
    "from_city": "city",
    "to_city": "city",
    "endpoint": "webhook",
    "consent": "consent",
    "introducer": "contact",
    "through_city": "city",
}
PLAIN = frozenset(
    "warning status kind search product stopped priority runs_out_before stale_on "
    "needed_before check needed due_before severity code side "
    "owner blocks mode held "
    "standard condition language late_on unconfirmed waiting_before held_until_before ends_before rule checks_complete "
    "expected_before number expires_before verdict step code_system country subdivision level certain "
    "uscc jurisdiction "
    "family market role promised_before milestone verb after unread answer name key bound "
    "state sha256 uploaded_sha256 origin destination on document_code relief year".split()
)


# Search text that finds an object of Burnaby's in each collection: the mark in its texts, the reference of an object, or
# plain words. Only those who see the object find it.
SEARCHES: dict[str, tuple[str, str]] = {
    "cities": ("city", "burnaby"),
    "agreements": ("agreement", "burnaby zhongshan"),
    "exchanges": ("exchange", "zhongshan burnaby"),
    "corrections": ("correction", "number of correction"),
    "disputes": ("dispute", "A list"),
    "organizations": ("organization", "Zhongshan"),
    "contacts": ("contact", "Li Wei"),
    "supply-requests": ("need", "word of need"),
    "unwanted-goods": ("unwanted", "number of unwanted"),
    "letter-templates": ("template", "number of template"),
    "inquiries": ("inquiry", "number of inquiry"),
    "consents": ("consent", "number of consent"),
    "suppliers": ("supplier", "word of supplier"),
    "supplier-facts": ("companyfact", "word of supplier"),
    "supplier-changes": ("company_change", "number of company_change"),
    "register-lookups": ("lookup", "word of lookup"),
    "certificates": ("certificate", "word of supplier"),
    "bank-accounts": ("account", "word of account"),
    "watchlists": ("list", "number of list"),
    "watchlist-entries": ("listed name", "word of listed name"),
    "watchlist-matches": ("match", "number of match"),
    "supplier-leads": ("lead", "word of lead"),
    "findings": ("finding", "number of finding"),
    "manual-rates": ("rate", "number of rate"),
    "verification-tasks": ("check", "word of supplier"),
    "check-reports": ("report", "word of report"),
    "allocations": ("allocation", "number of allocation"),
    "allocation-plans": ("plan", "number of plan"),
    "orders": ("order", "word of supplier"),
    "order-acknowledgements": ("acknowledgement", "number of acknowledgement"),
    "payments": ("payment", "number of order"),
    "decision-memos": ("memo", "number of memo"),
    "audit-files": ("audit_file", "number of order"),
    "shipments": ("shipment", "word of shipment"),
    "milestones": ("milestone", "number of shipment"),
    "tracking-events": ("event", "word of event"),
    "tracking-batches": ("batch", "word of batch"),
    "customs-clearances": ("clearance", "number of clearance"),
    "declarations": ("declaration", "word of declaration"),
    "customs-documents": ("document", "number of document"),
    "customs-holds": ("hold", "word of hold"),
    "document-requests": ("document_request", "number of document_request"),
    "document-submissions": ("submission", "number of requested document"),
    "goods-receipts": ("receipt", "number of arrived shipment"),
    "discrepancies": ("discrepancy", "number of discrepancy"),
    "lots": ("lot", "number of lot"),
    "inspections": ("inspection", "number of arrived shipment"),
    "distributions": ("distribution", "LT-2020"),
    "relief-claims": ("relief_claim", "number of relief_claim"),
    "thank-yous": ("thank_you", "number of thank_you"),
    "destructions": ("destruction", "number of arrived shipment"),
    "generated-documents": ("generated document", "number of generated document"),
    "comments": ("comment", "word of comment"),
    "files": ("file", "word of file"),
    "entries": ("entry", "number of need"),
    "notifications": ("notice", "number of need"),
    "webhook-endpoints": ("webhook", "word of webhook"),
    "webhook-deliveries": ("webhook delivery", "webhook_endpoint.test"),
}


class Creation(NamedTuple):
    """A POST that creates an object: its body, and who may send it.

    `{need}` in a value is replaced by the identifier of Burnaby's need.
    """

    body: dict[str, Any]
    may: frozenset[str]


CREATIONS: dict[str, Creation] = {
    "supply-requests": Creation({"city": "{city}", "title": "Masks"}, OFFICERS),
    "letter-templates": Creation(
        {"city": "{city}", "language": "en", "subject": "Masks", "body": "We need { need }"}, OFFICERS
    ),
    "unwanted-goods": Creation({"city": "{city}", "family": "glove", "reason": "We have enough."}, OFFICERS),
    "inquiries": Creation(
        {"supply_request": "{need}", "contact": "{contact}", "subject": "a", "body": "b"}, OFFICERS
    ),
    "suppliers": Creation({"legal_name_local": "X", "country": "CN"}, ALL_OFFICERS),
    "supplier-facts": Creation(
        {
            "supplier": "{supplier}",
            "name": "website",
            "value": "kanghu.example",
            "stated_by": "their letter",
            "stated_on": "2020-04-16",
        },
        ALL_JUDGES,
    ),
    "register-lookups": Creation(
        {
            "supplier": "{supplier}",
            "kind": "staff",
            "address": "https://register.example/",
            "answered_on": "2020-04-16",
            "answer": "active",
        },
        ALL_JUDGES,
    ),
    "supplier-changes": Creation(
        {
            "thing": "suppliers/{supplier}",
            "verb": "correct",
            "values": {"name_en": "Kang"},
            "reason": "its licence",
        },
        ALL_OFFICERS,
    ),
    "certificates": Creation({"supplier": "{supplier}", "kind": "{kind}", "number": "1"}, ALL_OFFICERS),
    "bank-accounts": Creation(
        {"supplier": "{supplier}", "holder": "a", "number": "1", "bank": "b", "country": "CN"}, ALL_OFFICERS
    ),
    "supplier-leads": Creation(
        {"city": "{city}", "supplier": "{supplier}", "product": "MASK_SURG", "kind": "sale"}, OFFICERS
    ),
    "manual-rates": Creation(
        {
            "city": "{city}",
            "currency": "AED",
            "into": "CAD",
            "rate": "0.38",
            "on": "2020-04-15",
            "source": "a",
        },
        OFFICERS,
    ),
    "verification-tasks": Creation({"lead": "{lead}", "check": "sample_test"}, JUDGES),
    "allocations": Creation({"lead": "{lead}", "line": "{need}/1", "quantity": 1}, OFFICERS),
    "allocation-plans": Creation({"lines": ["{need}/1"], "leads": ["{lead}"]}, OFFICERS),
    "orders": Creation(
        {"kind": "purchase", "city": "{city}", "allocations": ["{free allocation}"]}, OFFICERS
    ),
    "order-acknowledgements": Creation({"order": "{sent order}"}, OFFICERS),
    "decision-memos": Creation({"order": "{order}"}, OFFICERS | people("own approver")),
    "audit-files": Creation({"order": "{order}"}, OWN),
    "shipments": Creation(
        {
            "loads": [{"allocation": "{allocation}", "quantity": 1}],
            "mode": "air",
            "origin": "CNCAN",
            "destination": "CAVAN",
        },
        DOCK,
    ),
    "tracking-events": Creation(
        {"shipment": "{shipment}", "code": "picked_up", "occurred_at": "2020-04-16T00:00:00Z"}, DOCK | BROKER
    ),
    "tracking-batches": Creation(
        {"events": [{"shipment": "{shipment}", "code": "picked_up", "occurred_at": "2020-04-16T00:00:00Z"}]},
        DOCK | BROKER,
    ),
    "declarations": Creation({"clearance": "{clearance}", "number": "1"}, DOCK | BROKER),
    "customs-holds": Creation({"clearance": "{clearance}", "reason": "a"}, DOCK | BROKER),
    "document-requests": Creation(
        {"shipment": "{shipment}", "role": "forwarder", "name": "a", "email": "a@b.example"}, DOCK
    ),
    "goods-receipts": Creation(
        {"shipment": "{arrived shipment}", "counts": [{"allocation": "{arrived allocation}", "accepted": 1}]},
        DOCK,
    ),
    "distributions": Creation(
        {"lot": "{lot}", "place": "Ward 3", "quantity": 1, "distributed_on": "2020-04-28"}, DOCK
    ),
    "inspections": Creation({"lot": "{lot}", "sampled": 1, "defects": 0, "verdict": "failed"}, DOCK),
    "generated-documents": Creation(
        {"kind": "exporter_data", "language_pair": "en", "shipment": "{shipment}"}, DOCK
    ),
    "comments": Creation({"thing": "supplier-leads/{lead}", "text": "hello"}, COMMENTING),
    "files": Creation({"thing": "supplier-leads/{lead}"}, COMMENTING | ASKED),
    "cities": Creation({"slug": "new", "name_en": "New", "country": "CA", "level": "city"}, KEEPERS),
    "agreements": Creation(
        {
            "city_a": "{city}",
            "city_b": "oakville",
            "kind": "sister",
            "source_url": "https://register.example/minutes",
        },
        WATCHING | people("own administrator", "foreign administrator"),  # either city may enter it
    ),
    "exchanges": Creation(
        {
            "from_city": "{twin}",
            "to_city": "{city}",
            "when": {"day": "2020"},
            "kind": "letter",
            "source_url": "https://register.example/minutes",
        },
        WATCHING | people("own administrator"),
    ),
    "corrections": Creation(
        {
            "place": "{city}",
            "fact": "population",
            "value": "1",
            "source_url": "https://register.example/",
            "why": "so",
        },
        EVERYONE,
    ),
    "organizations": Creation({"city": "{twin}", "kind": "hospital", "name_en": "X"}, INVITING),
    "webhook-endpoints": Creation(
        {"city": "{city}", "description": "a", "url": "https://93.184.216.34/", "event_kinds": ["order"]},
        people("own administrator"),
    ),
    "contacts": Creation({"organization": "{organization}", "email": "x@y.example", "name": "X"}, INVITING),
}
