"""What a page asks and what the API is sent for the same action: which form belongs to which body, which field to which, and why not.

A place is a verb of a thing ("lead.edit") or, for a form that is no move, the class of the form. A field of a page goes by the same
name in the body unless `NAMES` says otherwise. Patterns are those of fnmatch.
"""

# The forms that belong to no move, and the body that the same action takes.
FORMS: dict[str, str] = {
    "partners.web.people.NewContact": "contacts.begin",
    "partners.web.people.Office": "organisations.begin",
    "partners.web.record.Say": "comments.begin",
    "partners.web.ties.Agreement": "twinnings.begin",
    "partners.web.ties.Passed": "exchanges.begin",
    "procurement.web.asking.letters.BothTexts": "inquiries.remind",
    "procurement.web.asking.outreach.Message": "inquiries.begin",
    "procurement.web.checks.giving.OtherPerson": "verification-tasks.offer",
    "procurement.web.contact_pages.answer.Colleague": "inquiries.hand-over",
    "procurement.web.contact_pages.answer.Remark": "inquiries.decline",
    "procurement.web.contact_pages.difference.Said": "difference-cases.answer",
    "procurement.web.contact_pages.offer.Offer": "inquiries.answer",
    "procurement.web.contact_pages.report.Answers": "verification-tasks.submit",
    "procurement.web.leads.facts.Facts": "supplier-leads.begin",
    "procurement.web.leads.rates.RateForm": "entered-rates.begin",
    "procurement.web.needs.change_a_need.Change": "supply-requests.edit",
    "procurement.web.needs.need_lines.Another": "supply-requests.lines",
    "procurement.web.needs.need_lines.Line": "supply-requests.lines",
    "procurement.web.needs.steps.What": "supply-requests.begin",
    "procurement.web.shipments.arrival.Counting": "receipts.begin",
    "procurement.web.shipments.customs.Held": "customs-lanes.hold",
    "procurement.web.shipments.dock.cartons.Seen": "shipments.see-carton",
    "procurement.web.shipments.handing.calls.Whom": "paper-calls.begin",
    "procurement.web.shipments.lots.HandingOut": "hand-outs.begin",
    "procurement.web.shipments.planning.Pack": "shipments.pack",
    "procurement.web.shipments.planning.Plan": "shipments.begin",
    "procurement.web.suppliers.accounts.Account": "bank-accounts.begin",
    "procurement.web.suppliers.certificate_form.Paper": "certificates.begin",
    "procurement.web.suppliers.companies.Entered": "suppliers.begin",
    "procurement.web.suppliers.facts.Said": "company-facts.begin",
    "procurement.web.suppliers.lookups.Answered": "look-ups.begin",
    "procurement.web.suppliers.standings.Judged": "suppliers.judge",
}

# The forms without a body, with the reason. Patterns.
NO_BODY: dict[str, str] = {
    "allauth.*": "signing in",
    "accounts.web.*": "people choose for themselves, signed in or by link",
    "partners.web.city.limits.*": "who approves, and up to what: by a person who is signed in",
    "partners.web.imports.*": "a file is brought in step by step",
    "partners.web.own.Agree": "people agree for themselves",
    "partners.web.record.Bring": "a file alone",
    "partners.web.roles.Invite": "roles are given by a person who is signed in",
    "procurement.web.after.packs.Messages": "what is said to whom is looked at before it goes",
    "procurement.web.allocations.Quantities": "one action for each field that is filled in, as in `allocations.begin`",
    "procurement.web.checks.interests.Declared": "people declare their own interests",
    "procurement.web.contact_pages.handing_in.*": "said by link",
    "procurement.web.contact_pages.mine.Away": "people say by link when they are away",
    "procurement.web.contact_pages.phone.Phone": "people give their own number by link",
    "procurement.web.contact_pages.report.Cannot": "said by link, with an interest of one's own",
    "procurement.web.customs_rules.*": "rules are kept by hand, with their history",
    "procurement.web.lists.upload.Upload": "a file, read and compared",
    "procurement.web.notices.*": "one's own notices",
    "procurement.web.orders.writing.Choose": "asks which allocations; the rest is a page of its own",
    "procurement.web.shipments.dock.cartons.Scan": "finds a carton and stores nothing",
    "procurement.web.shipments.dock.finishing.Finish": "cartons come to a counting, line by line",
    "procurement.web.shipments.handing.versions.Bring": "a file, with its number",
    "procurement.web.shipments.tracking.files.*": "a file, looked at before it is taken",
    "procurement.web.network.*": "a question about the register",
    "*Filters": "narrows a list",
    "procurement.web.shipments.lots.Sought": "narrows a list",
    "workflow.doors.moving.Reason": "asked with the moves",
}

# The field of the body for a field of the page; nothing where the page alone has it. Patterns.
NAMES: dict[str, str] = {
    "*.figures_seen": "",  # a tick beside the two texts: their figures differ, and that was seen
    "certificate.*.screenshot": "",  # a file is brought to `files`
    "certificate.look_up.reason": "words",
    "inquiry.ask_next.contact": "to",
    "inquiry.decline.reason": "remark",
    # What was told of an offer by phone only fills in the form of the offer.
    **dict.fromkeys(
        (
            f"inquiry.note_call.{one}"
            for one in ("has_something", "supplier", "line", "stock", "price", "currency")
        ),
        "",
    ),
    **{f"lane.declare.{one}": f"lines.{one}" for one in ("hs_code", "origin", "value", "currency", "relief")},
    "lot.inspect.point_*": "readings.value",
    **dict.fromkeys(
        (f"order.share.{one}" for one in ("deposit", "on_papers", "after_inspection")), "shares.percent"
    ),
    **dict.fromkeys(("relief_claim.correct.line", "relief_claim.correct.places"), ""),
    "*.Entered.account": "",  # begins a `bank-account` too
    "*.Plan.planned_*": "",
    "shipment.destroy.which": "",  # a line and a lot, chosen as one
    "shipment.*.planned_*": "",  # `planned` holds a moment for each step
    "shipment.send_back.part*": "parts.quantity",
    "shipment.split.part*": "parts.quantity",
    "partners.web.ties.Agreement.partner": "city_b",
    "partners.web.ties.Passed.partner": "to_city",
    "partners.web.ties.Passed.way": "",  # which of the two is `from_city`
    "procurement.web.contact_pages.offer.Offer.stock": "stock_quantity",
    "procurement.web.contact_pages.offer.Offer.capacity": "capacity_per_day",
    "procurement.web.contact_pages.offer.Offer.price": "unit_price",
    # The company, its number and its papers are entered on the way; a bare field is there to catch programs.
    **dict.fromkeys(
        (
            f"procurement.web.contact_pages.offer.Offer.{one}"
            for one in ("supplier", "gift", "uscc", "certificate*", "phone", "website")
        ),
        "",
    ),
    "procurement.web.contact_pages.report.Answers.*_seen": "answers.seen",
    "procurement.web.needs.change_a_need.Change.quantity*": "",  # `lines` of the need
    "procurement.web.needs.need_lines.*.*": "lines.{}",
    "procurement.web.needs.steps.What.product": "lines.product",
    "procurement.web.shipments.arrival.Counting.accepted*": "counts.accepted",
    "procurement.web.shipments.arrival.Counting.rejected*": "counts.rejected",
    "procurement.web.shipments.arrival.Counting.missing*": "counts.missing",
    "procurement.web.shipments.arrival.Counting.surplus*": "counts.surplus",
    "procurement.web.shipments.arrival.Counting.lot*": "counts.lot_number",
    "procurement.web.shipments.arrival.Counting.expires*": "counts.expires_on",
    "procurement.web.shipments.arrival.Counting.reason*": "counts.reason",
    "procurement.web.shipments.planning.Pack.pieces*": "boxes.pieces",
    "procurement.web.shipments.planning.Pack.lot*": "boxes.lot_number",
    "procurement.web.suppliers.lookups.Answered.found": "",  # `kind` and `answer`, chosen as one
}

# Where the two doors judge values of a field differently, and why that is right. Patterns.
DIFFERENT: dict[str, str] = {
    "account.*.called_back_on": "the action says which numbers may be called",
    "certificate.*.how": "left out, the issuer's register was opened",
    "inquiry.decline.reason": "a contact's no needs no word; the action asks others for one",
    "lot.inspect.level": "left out, it is II; the action knows the levels",
    "lot.inspect.aql": "left out, it is what is usual for the goods",
    "lot.inspect.covers": "the action knows the points of the lot's checklist",
    "lot.inspect.point_*": "an empty box is a point that was not read; a program leaves it out",
    **dict.fromkeys(
        (f"order.share.{one}" for one in ("deposit", "on_papers", "after_inspection")),
        "nothing is paid at a milestone with 0; a program leaves it out",
    ),
    "relief_claim.correct.value": "what is not sent stays; the page shows what stands",
    "shipment.call_*.event": "the events of the shipment; the action refuses another's",
    "shipment.edit.containers": "several numbers in one box; a program sends a list",
    "shipment.hear.code": "carriers send codes of their own systems",
    "shipment.reroute.via": "several places in one box; a program sends a list",
    "shipment.send_back.destination": "left out, they go back to where they came from",
    "shipment.*.part*": "an empty box is a part that stays; a program leaves it out",
    "*.NewContact.name_order": "left out, it is the first choice of the page",
    "*.NewContact.task_limit": "left out, it is what the page proposes",
    "*.BothTexts.subject": "left out, it goes in our words, which the page shows",
    "*.BothTexts.body": "left out, it goes in our words, which the page shows",
    "*.Message.subject": "left out, it is the draft that the page shows",
    "*.Message.body": "left out, it is the draft that the page shows",
    "*.Message.chosen_because": "asked for where routing suggests another person; the action knows",
    "*.Colleague.to": "without a colleague a name is written down, and the question declined",
    "*.Offer.line": "left out, the offer answers no line",
    "*.Offer.currency": "the page offers the usual ones; every offer's page takes the others",
    "*.Offer.stock": "stock or a day's output: the action asks for one of them",
    "*.facts.Facts.kind": "left out, it is a sale",
    "*.facts.Facts.stock_quantity": "left out, nothing is in stock",
    "*.Line.priority": "left out, it is the usual one",
    "*.Change.facility_kinds": "a draft may leave them open; the action asks for them once it is posted",
    "*.What.declared_use": "left out, it is medical",
    "*.What.facility_kinds": "a draft may leave them open; posting asks for them",
    "*.Whom.role": "a company is named beside its role; the action refuses roles that owe nothing",
    "*.Whom.language": "left out, it is English, or what they chose",
    "*.HandingOut.language": "left out, it is English",
    "*.facts.Said.how": "left out, it was said",
    "*.lookups.Answered.whom": "left out, it is the company itself",
}

# Fields of pages that stand in a body under a name of their own thing, and why. Patterns.
WITHIN: dict[str, str] = {
    "*.Answers.*": "a question of the check: `answers` holds one for each, and the action knows them",
}
