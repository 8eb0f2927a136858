"""Who gets which collection of the API: by hand, like table.py. One that stands in no table fails the test.

A list is there for everybody with a token, and holds what they see; a thing is there for whoever sees it (SEES), else 404.
"""

from typing import Any, NamedTuple

from tests.rights.table import (
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

# The collections of the story, and what of Burnaby's stands in each.
COLLECTIONS: dict[str, tuple[str, ...]] = {
    "cities": ("city",),
    "twinnings": ("twinning",),
    "exchanges": ("exchange",),
    "corrections": ("correction",),
    "disputes": ("dispute",),
    "organisations": ("organisation",),
    "contacts": ("contact",),
    "supply-requests": ("need", "draft need", "shared need", "network need", "public need"),
    "inquiries": ("inquiry", "unsent inquiry", "second inquiry", "introduced inquiry"),
    "suppliers": ("supplier",),
    "company-facts": ("companyfact",),
    "company-changes": ("company_change",),
    "look-ups": ("lookup",),
    "certificates": ("certificate",),
    "bank-accounts": ("account",),
    "watch-lists": ("list",),
    "listed-names": ("listed name",),
    "list-matches": ("match",),
    "supplier-leads": ("lead", "shared lead"),
    "findings": ("finding",),
    "entered-rates": ("rate",),
    "verification-tasks": ("check", "open check"),
    "reports": ("report",),
    "allocations": ("allocation", "free allocation"),
    "orders": ("order", "draft order", "waiting order", "gift"),
    "payments": ("payment",),
    "memos": ("memo",),
    "bundles": ("bundle",),
    "shipments": ("shipment", "arrived shipment", "back shipment"),
    "milestones": ("milestone",),
    "tracking-events": ("event",),
    "tracking-batches": ("batch",),
    "customs-lanes": ("lane",),
    "declarations": ("declaration",),
    "customs-papers": ("paper",),
    "customs-holds": ("hold",),
    "paper-calls": ("call",),
    "paper-versions": ("paper_version",),
    "receipts": ("receipt",),
    "difference-cases": ("case",),
    "lots": ("lot",),
    "inspections": ("inspection",),
    "made-papers": ("made paper", "gift letter"),
    "hand-outs": ("hand_out",),
    "relief-claims": ("relief_claim",),
    "thanks-packs": ("thanks_pack",),
    "destructions": ("destruction",),
    "comments": ("comment", "paper comment"),
    "files": ("file", "paper file"),
    "entries": ("entry",),
    "notices": ("notice",),
}
# Reference data: the same for whoever is signed in.
REFERENCE = frozenset(
    "products standards inspection-points certificate-kinds notified-bodies customs-rules duty-reliefs".split()
)
# Answers to a question about the register, for whoever is signed in; what was asked of whom is told of one's own cities only.
ANSWERS = frozenset({"untapped", "papers-asked"})
# Open to everybody: what can be asked for, and nothing of anybody.
PUBLIC = frozenset({"api", "api-docs", "api-docs-chapter", "api-schema"})
NOWHERE = "api-nowhere"  # 404 to whoever is signed in

# Filters that name a thing, and the things they name: somebody else's finds what one that does not exist finds. The others narrow by
# a value that names nothing.
NAMING = {
    "supply_request": "need",
    "supplier": "supplier",
    "lead": "lead",
    "task": "check",
    "order": "order",
    "shipment": "shipment",
    "back_from": "shipment",
    "lane": "lane",
    "lot": "lot",
    "contact": "contact",
    "about": "lead",
    "watch_list": "list",
    "city": "city",
    "place": "city",
    "organisation": "organisation",
    "from_city": "city",
    "to_city": "city",
}
PLAIN = frozenset(
    "warning status kind search product stopped needed_before check needed due_before severity code side owner blocks mode held "
    "expected_before number expires_before verdict step code_system country subdivision level certain uscc jurisdiction "
    "family market role promised_before milestone verb after unread answer name key bound "
    "sha256 uploaded_sha256 origin destination on paper relief year".split()
)


# What each collection is searched for to find a thing of Burnaby's: the word that stands in its texts, the number of a thing, or
# words. Whoever sees the thing finds it so; nobody else does.
SEARCHES: dict[str, tuple[str, str]] = {
    "cities": ("city", "burnaby"),
    "twinnings": ("twinning", "burnaby zhongshan"),
    "exchanges": ("exchange", "zhongshan burnaby"),
    "corrections": ("correction", "number of correction"),
    "disputes": ("dispute", "A list"),
    "organisations": ("organisation", "Zhongshan"),
    "contacts": ("contact", "Li Wei"),
    "supply-requests": ("need", "word of need"),
    "inquiries": ("inquiry", "number of inquiry"),
    "suppliers": ("supplier", "word of supplier"),
    "company-facts": ("companyfact", "word of supplier"),
    "company-changes": ("company_change", "number of company_change"),
    "look-ups": ("lookup", "word of lookup"),
    "certificates": ("certificate", "word of supplier"),
    "bank-accounts": ("account", "word of account"),
    "watch-lists": ("list", "number of list"),
    "listed-names": ("listed name", "word of listed name"),
    "list-matches": ("match", "number of match"),
    "supplier-leads": ("lead", "word of lead"),
    "findings": ("finding", "number of finding"),
    "entered-rates": ("rate", "number of rate"),
    "verification-tasks": ("check", "word of supplier"),
    "reports": ("report", "word of report"),
    "allocations": ("allocation", "number of allocation"),
    "orders": ("order", "word of supplier"),
    "payments": ("payment", "number of order"),
    "memos": ("memo", "number of memo"),
    "bundles": ("bundle", "number of order"),
    "shipments": ("shipment", "word of shipment"),
    "milestones": ("milestone", "number of shipment"),
    "tracking-events": ("event", "word of event"),
    "tracking-batches": ("batch", "word of batch"),
    "customs-lanes": ("lane", "number of lane"),
    "declarations": ("declaration", "word of declaration"),
    "customs-papers": ("paper", "number of paper"),
    "customs-holds": ("hold", "word of hold"),
    "paper-calls": ("call", "number of call"),
    "paper-versions": ("paper_version", "number of asked paper"),
    "receipts": ("receipt", "number of arrived shipment"),
    "difference-cases": ("case", "number of case"),
    "lots": ("lot", "number of lot"),
    "inspections": ("inspection", "number of arrived shipment"),
    "hand-outs": ("hand_out", "LT-2020"),
    "relief-claims": ("relief_claim", "number of relief_claim"),
    "thanks-packs": ("thanks_pack", "number of thanks_pack"),
    "destructions": ("destruction", "number of arrived shipment"),
    "made-papers": ("made paper", "number of made paper"),
    "comments": ("comment", "word of comment"),
    "files": ("file", "word of file"),
    "entries": ("entry", "number of need"),
    "notices": ("notice", "number of need"),
}


class Begin(NamedTuple):
    """A thing that is begun with a POST: with what, by whom. `{need}` in a value is the name of Burnaby's need."""

    body: dict[str, Any]
    may: frozenset[str]


BEGINS: dict[str, Begin] = {
    "supply-requests": Begin({"city": "{city}", "title": "Masks"}, OFFICERS),
    "inquiries": Begin(
        {"supply_request": "{need}", "contact": "{contact}", "subject": "a", "body": "b"}, OFFICERS
    ),
    "suppliers": Begin({"legal_name_local": "X", "country": "CN"}, ALL_OFFICERS),
    "company-facts": Begin(
        {
            "supplier": "{supplier}",
            "name": "website",
            "value": "kanghu.example",
            "said_by": "their letter",
            "said_on": "2020-04-16",
        },
        ALL_JUDGES,
    ),
    "look-ups": Begin(
        {
            "supplier": "{supplier}",
            "kind": "staff",
            "address": "https://register.example/",
            "answered_on": "2020-04-16",
            "answer": "active",
        },
        ALL_JUDGES,
    ),
    "company-changes": Begin(
        {
            "thing": "suppliers/{supplier}",
            "verb": "correct",
            "values": {"name_en": "Kang"},
            "reason": "its licence",
        },
        ALL_OFFICERS,
    ),
    "certificates": Begin({"supplier": "{supplier}", "kind": "{kind}", "number": "1"}, ALL_OFFICERS),
    "bank-accounts": Begin(
        {"supplier": "{supplier}", "holder": "a", "number": "1", "bank": "b", "country": "CN"}, ALL_OFFICERS
    ),
    "supplier-leads": Begin(
        {"city": "{city}", "supplier": "{supplier}", "product": "MASK_SURG", "kind": "sale"}, OFFICERS
    ),
    "entered-rates": Begin(
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
    "verification-tasks": Begin({"lead": "{lead}", "check": "sample_test"}, JUDGES),
    "allocations": Begin({"lead": "{lead}", "line": "{need}/1", "quantity": 1}, OFFICERS),
    "orders": Begin({"kind": "purchase", "city": "{city}", "allocations": ["{free allocation}"]}, OFFICERS),
    "memos": Begin({"order": "{order}"}, OFFICERS | people("own approver")),
    "bundles": Begin({"order": "{order}"}, OWN),
    "shipments": Begin(
        {
            "loads": [{"allocation": "{allocation}", "quantity": 1}],
            "mode": "air",
            "origin": "CNCAN",
            "destination": "CAVAN",
        },
        DOCK,
    ),
    "tracking-events": Begin(
        {"shipment": "{shipment}", "code": "picked_up", "occurred_at": "2020-04-16T00:00:00Z"}, DOCK | BROKER
    ),
    "tracking-batches": Begin(
        {"events": [{"shipment": "{shipment}", "code": "picked_up", "occurred_at": "2020-04-16T00:00:00Z"}]},
        DOCK | BROKER,
    ),
    "declarations": Begin({"lane": "{lane}", "number": "1"}, DOCK | BROKER),
    "customs-holds": Begin({"lane": "{lane}", "reason": "a"}, DOCK | BROKER),
    "paper-calls": Begin(
        {"shipment": "{shipment}", "role": "forwarder", "name": "a", "email": "a@b.example"}, DOCK
    ),
    "receipts": Begin(
        {"shipment": "{arrived shipment}", "counts": [{"allocation": "{arrived allocation}", "accepted": 1}]},
        DOCK,
    ),
    "hand-outs": Begin({"lot": "{lot}", "place": "Ward 3", "quantity": 1, "handed_on": "2020-04-28"}, DOCK),
    "inspections": Begin({"lot": "{lot}", "sampled": 1, "defects": 0, "verdict": "failed"}, DOCK),
    "made-papers": Begin({"kind": "exporter_data", "tongues": "en", "shipment": "{shipment}"}, DOCK),
    "comments": Begin({"thing": "supplier-leads/{lead}", "text": "hello"}, COMMENTING),
    "files": Begin({"thing": "supplier-leads/{lead}"}, COMMENTING | ASKED),
    "cities": Begin({"slug": "new", "name_en": "New", "country": "CA", "level": "city"}, KEEPERS),
    "twinnings": Begin(
        {
            "city_a": "{city}",
            "city_b": "oakville",
            "kind": "sister",
            "source_url": "https://register.example/minutes",
        },
        WATCHING | people("own administrator", "foreign administrator"),  # either side keeps it
    ),
    "exchanges": Begin(
        {
            "from_city": "{twin}",
            "to_city": "{city}",
            "when": {"day": "2020"},
            "kind": "letter",
            "source_url": "https://register.example/minutes",
        },
        WATCHING | people("own administrator"),
    ),
    "corrections": Begin(
        {
            "place": "{city}",
            "fact": "population",
            "value": "1",
            "source_url": "https://register.example/",
            "why": "so",
        },
        EVERYONE,
    ),
    "organisations": Begin({"city": "{twin}", "kind": "hospital", "name_en": "X"}, INVITING),
    "contacts": Begin({"organisation": "{organisation}", "email": "x@y.example", "name": "X"}, INVITING),
}
