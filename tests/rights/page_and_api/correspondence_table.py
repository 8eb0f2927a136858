"""Which API body corresponds to which page form, which fields correspond, and the exceptions.

A place is a verb of an object ("lead.edit") or, for a form without a status change, the class of the form. A field
has the same name in page and body unless `NAMES` gives another. Patterns are those of fnmatch.
"""

# Forms that belong to no move, with the API body of the same action.
FORMS: dict[str, str] = {
    "partners.cities.forms.EditCityForm": "cities.correct",
    "partners.contacts.forms.NewContactForm": "contacts.create",
    "partners.contacts.forms.OrganizationForm": "organizations.create",
    "partners.activity.forms.CommentForm": "comments.create",
    "partners.agreements.forms.NewAgreementForm": "agreements.create",
    "partners.exchanges.forms.ExchangeForm": "exchanges.create",
    "procurement.outreach.forms.BilingualLetterForm": "inquiries.remind",
    "procurement.outreach.forms.InquiryTextForm": "inquiries.create",
    "procurement.verification.forms.OtherContactForm": "verification-tasks.offer",
    "procurement.outreach.forms.ChooseColleagueForm": "inquiries.forward",
    "procurement.outreach.forms.DeclineRemarkForm": "inquiries.decline",
    "procurement.receiving.forms.DiscrepancyAnswerForm": "discrepancies.answer",
    "procurement.leads.forms.contact_offers.OfferForm": "inquiries.answer",
    "procurement.verification.forms.CheckReportForm": "verification-tasks.submit",
    "procurement.verification.forms.VisitDetailsForm": "verification-tasks.submit",
    "procurement.leads.forms.unsolicited.UnsolicitedOfferForm": "supplier-leads.create",
    "procurement.leads.forms.leads.LeadFactsForm": "supplier-leads.create",
    "procurement.leads.forms.contact_offers.OwnOfferForm": "supplier-leads.edit",
    "procurement.leads.forms.contact_offers.WithdrawOfferForm": "supplier-leads.withdraw",
    "procurement.leads.forms.contact_offers.MessageCityForm": "supplier-leads.tell",
    "procurement.outreach.letter_templates.forms.LetterTemplateForm": "letter-templates.create",
    "procurement.requests.unwanted_goods.forms.UnwantedGoodsForm": "unwanted-goods.create",
    "procurement.leads.forms.exchange_rates.RateForm": "manual-rates.create",
    "procurement.requests.forms.ChangeRequestForm": "supply-requests.edit",
    "procurement.requests.forms.AddLineForm": "supply-requests.lines",
    "procurement.requests.forms.LineForm": "supply-requests.lines",
    "procurement.requests.forms.NeedProductForm": "supply-requests.create",
    "procurement.allocations.plans.forms.AllocationPlanForm": "allocation-plans.create",
    "procurement.allocations.plans.forms.PlanRowForm": "allocation-plans.change-row",
    "procurement.orders.forms.NewOrderForm": "orders.create",
    "procurement.receiving.forms.GoodsReceiptForm": "goods-receipts.create",
    "procurement.customs.forms.CustomsHoldForm": "customs-clearances.hold",
    "procurement.customs.forms.HoldReplyForm": "customs-holds.answer",
    "procurement.receiving.forms.CartonForm": "shipments.record-carton",
    "procurement.documents.forms.DocumentRequestForm": "document-requests.create",
    "procurement.distribution.forms.DistributionForm": "distributions.create",
    "procurement.shipments.forms.PackCartonsForm": "shipments.pack",
    "procurement.shipments.forms.PlanShipmentForm": "shipments.create",
    "procurement.suppliers.forms.bank_accounts.BankAccountForm": "bank-accounts.create",
    "procurement.suppliers.forms.certificates.NewCertificateForm": "certificates.create",
    "procurement.suppliers.forms.suppliers.NewSupplierForm": "suppliers.create",
    "procurement.suppliers.forms.facts.SupplierFactForm": "supplier-facts.create",
    "procurement.suppliers.forms.register_lookups.RegisterLookupForm": "register-lookups.create",
    "procurement.suppliers.forms.statuses.SupplierStatusForm": "suppliers.set-status",
    "procurement.webhooks.forms.WebhookForm": "webhook-endpoints.create",
}

# Forms without an API body, with the reason. Patterns.
NO_BODY: dict[str, str] = {
    "allauth.*": "signing in",
    "accounts.*": "people choose for themselves, signed in or by link",
    "partners.memberships.views.approvals.*": "who approves, and up to what: by a person who is signed in",
    "partners.register_import.*": "a file is brought in step by step",
    "partners.cities.forms.PlaceSearchForm": "finds a city in GeoNames",
    "partners.contacts.forms.ConsentForm": "people agree for themselves",
    "partners.activity.forms.FileForm": "a file alone",
    "partners.memberships.views.members.InviteForm": "roles are given by a person who is signed in",
    "procurement.thanks.forms.ThankYouMessagesForm": "what is said to whom is looked at before it goes",
    "procurement.practice.mail_forms.MailSearchForm": "searches the mail of a practice instance",
    "procurement.orders.forms.HoldForm": "one action for each order of a company, as in `orders.hold`",
    "procurement.allocations.forms.QuantitiesForm": "one action for each field that is filled in, as in `allocations.create`",
    "procurement.leads.forms.findings.FindingAnswersForm": "one action for each box that is filled in, as in `findings.answer`",
    "procurement.verification.forms.AssignChecksForm": "one action for each check, as in `verification-tasks.offer`",
    "procurement.suppliers.forms.statuses.InterestDeclarationForm": "people declare their own interests",
    "procurement.documents.forms.*": "said by link",
    "procurement.orders.acknowledgements.forms.*": "said by link",
    "procurement.portal.contact_page.AbsenceForm": "people say by link when they are away",
    "procurement.suppliers.forms.facts.ConfirmPhoneForm": "people give their own number by link",
    "procurement.verification.forms.DeclineCheckForm": "said by link, with an interest of one's own",
    "procurement.catalogue.forms.*": "rules are edited manually, with their history",
    "procurement.sanctions.forms.WatchlistUploadForm": "a file, read and compared",
    "procurement.notifications.filter_forms.*": "one's own notices",
    "procurement.outreach.forms.ConsentForm": "a contact of the partner city agrees by link",
    "procurement.outreach.forms.AskCityQuestionForm": "a contact asks by link",
    "procurement.outreach.forms.LineChoiceForm": "chooses what the next page is about, as `line_numbers` do",
    "procurement.receiving.forms.ScanLabelForm": "finds a carton and stores nothing",
    "procurement.receiving.forms.ReceiveAllForm": "one action for each carton, as in `shipments.record-carton`",
    "procurement.receiving.forms.FinishCountForm": "cartons come to a counting, line by line",
    "procurement.documents.forms.SubmissionUploadForm": "a file, with its number",
    "procurement.tracking.forms.*": "a file, looked at before it is taken",
    "procurement.network.*": "an inquiry about the register",
    "*FilterForm": "narrows a list",
    "procurement.quality.forms.LotFilterForm": "narrows a list",
    "workflow.http.move_forms.ReasonForm": "asked with the moves",
    "workflow.http.move_forms.DueDateForm": "asked with the moves",
    "procurement.shipments.forms.TransportForm": "asked with the moves",
    "django.forms.forms.Form": "a button without fields, as in `supplier-leads.extend`",
}

# The body's field for a field of the page; empty if only the page has it. Patterns.
NAMES: dict[str, str] = {
    "*.figures_seen": "",  # a tick that confirms the different figures of the two texts
    "certificate.*.screenshot": "",  # programs upload a file to `files`
    "*.NewCertificateForm.file": "",  # programs upload a file to `files`
    "*.HoldReplyForm.upload": "",  # programs upload a file to `files`
    "certificate.look_up.reason": "words",
    "inquiry.ask_next.contact": "to",
    "*.LineForm.reason": "reason",  # one reason for all lines of the need
    "inquiry.decline.reason": "remark",
    "inquiry.consent.scope": "",  # a body without `until` is for the one inquiry
    # Answers by phone only fill in the form of the offer.
    **dict.fromkeys(
        (
            f"inquiry.record_phone_reply.{one}"
            for one in ("has_something", "supplier", "line", "stock", "price", "currency")
        ),
        "",
    ),
    **{
        f"clearance.declare.{one}": f"lines.{one}"
        for one in ("hs_code", "origin", "value", "currency", "relief")
    },
    "lot.inspect.point_*": "readings.value",
    **dict.fromkeys(
        (
            f"{form}.{one}"
            for form in ("order.share", "*.NewOrderForm")
            for one in ("deposit", "against_documents", "after_inspection")
        ),
        "shares.percent",
    ),
    "*.NewOrderForm.value*": "unit_values.unit_value",
    **dict.fromkeys(("relief_claim.correct.line", "relief_claim.correct.places"), ""),
    "*.NewSupplierForm.account": "",  # also creates a `bank-account`
    "*.PlanShipmentForm.planned_*": "",
    "shipment.destroy.which": "",  # one choice of a line and a lot
    "shipment.*.planned_*": "",  # `planned` has a moment for each step
    "shipment.plan_return.part*": "parts.quantity",
    "shipment.split.part*": "parts.quantity",
    "partners.agreements.forms.NewAgreementForm.partner": "city_b",
    "partners.exchanges.forms.ExchangeForm.partner": "to_city",
    "partners.exchanges.forms.ExchangeForm.way": "",  # decides which city is `from_city`
    "procurement.leads.forms.contact_offers.OfferForm.stock": "stock_quantity",
    "procurement.leads.forms.contact_offers.OfferForm.capacity": "capacity_per_day",
    "procurement.leads.forms.contact_offers.OfferForm.price": "unit_price",
    "procurement.leads.forms.contact_offers.OfferForm.*_[2-5]": "",  # `further` offers of the same facts
    # The form also enters the supplier, its number and certificates; one field is a trap for bots.
    **dict.fromkeys(
        (
            f"procurement.leads.forms.contact_offers.OfferForm.{one}"
            for one in ("supplier", "maker", "gift", "uscc", "certificate*", "phone", "website")
        ),
        "",
    ),
    # The company and its certificate are entered with the offer.
    **dict.fromkeys(
        (f"*.UnsolicitedOfferForm.{one}" for one in ("supplier", "uscc", "phone", "certificate*")), ""
    ),
    "procurement.verification.forms.CheckReportForm.*_seen": "answers.seen",
    "procurement.verification.forms.CheckReportForm.outcome": "",  # how the page asks; a body has confirmed_at_once
    "procurement.requests.forms.ChangeRequestForm.quantity*": "",  # in `lines` of the need
    "procurement.requests.forms.AddLineForm.*": "lines.{}",
    "procurement.requests.forms.LineForm.alternative_*": "",  # in `alternatives` of a line, with its standard
    "procurement.requests.forms.LineForm.*": "lines.{}",
    "procurement.requests.forms.NeedProductForm.product": "lines.product",
    "procurement.receiving.forms.GoodsReceiptForm.accepted*": "counts.accepted",
    "procurement.receiving.forms.GoodsReceiptForm.rejected*": "counts.rejected",
    "procurement.receiving.forms.GoodsReceiptForm.missing*": "counts.missing",
    "procurement.receiving.forms.GoodsReceiptForm.surplus*": "counts.surplus",
    "procurement.receiving.forms.GoodsReceiptForm.lot*": "counts.lot_number",
    "procurement.receiving.forms.GoodsReceiptForm.expires*": "counts.expires_on",
    "procurement.receiving.forms.GoodsReceiptForm.reason*": "counts.reason",
    "procurement.shipments.forms.PackCartonsForm.pieces*": "cartons.pieces",
    "procurement.shipments.forms.PackCartonsForm.lot*": "cartons.lot_number",
    "procurement.suppliers.forms.register_lookups.RegisterLookupForm.found": "",  # one choice of `kind` and `answer`
}

# Fields whose values page and API check differently, with the reason why that is right. Patterns.
DIFFERENT: dict[str, str] = {
    "account.*.callback_number": "the action says which numbers may be called",
    "certificate.*.how": "left out, the issuer's register was opened",
    "inquiry.explain.question": "left out, it is the contact's question, which the page shows",
    "inquiry.decline.reason": "a contact's no needs no word; the action asks others for one",
    "lot.inspect.level": "left out, it is II; the action knows the levels",
    "lot.inspect.aql": "left out, it is what is usual for the goods",
    "lot.inspect.covers": "the action knows the points of the lot's checklist",
    "lot.inspect.point_*": "an empty box is a point that was not read; a program leaves it out",
    **dict.fromkeys(
        (
            f"{form}.{one}"
            for form in ("order.share", "*.NewOrderForm")
            for one in ("deposit", "against_documents", "after_inspection")
        ),
        "nothing is paid at a milestone with 0; a program leaves it out",
    ),
    "lead.edit.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "*.LeadFactsForm.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "order.correct_confirmation.confirmation_method": "only the supplier confirms by link; the action refuses it",
    "order.edit.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "*.NewOrderForm.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "*.NewOrderForm.allocations": "the action refuses an order without allocations",
    "*.NewOrderForm.authority": "left out, it is regular procurement",
    "*.NewOrderForm.offers_sought": "left out, it is the number on record, which the page shows",
    "relief_claim.correct.value": "what is not sent stays; the page shows what stands",
    "shipment.call_*.event": "the events of the shipment; the action refuses another's",
    "shipment.edit.containers": "several numbers in one box; a program sends a list",
    "shipment.record_event.code": "carriers send codes of their own systems",
    "shipment.reroute.destination": "the page reads the name of a place; the action refuses what is no code",
    "*.PlanShipmentForm.origin": "the page reads the name of a place; the action refuses what is no code",
    "*.PlanShipmentForm.destination": "the page reads the name of a place; the action refuses what is no code",
    "shipment.reroute.via": "several places in one box; a program sends a list",
    "shipment.plan_return.destination": "left out, they go back to where they came from",
    "shipment.*.part*": "an empty box is a part that stays; a program leaves it out",
    "*.NewContactForm.name_order": "left out, it is the first choice of the page",
    "*.NewContactForm.task_limit": "left out, it is what the page proposes",
    "*.BilingualLetterForm.subject": "left out, it goes in our words, which the page shows",
    "*.BilingualLetterForm.body": "left out, it goes in our words, which the page shows",
    "*.InquiryTextForm.subject": "left out, it is the draft that the page shows",
    "*.InquiryTextForm.body": "left out, it is the draft that the page shows",
    "*.InquiryTextForm.chosen_because": "asked for where routing suggests another person; the action knows",
    "*.ChooseColleagueForm.to": "without a colleague a name is written down, and the question declined",
    "*.OfferForm.line": "left out, the offer answers no line",
    "*.OfferForm.product": "left out, it is the product of the line",
    "*.OfferForm.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "*.OwnOfferForm.incoterm": "the page lists the rules of 2020; a program may send one of another edition",
    "*.OfferForm.currency": "the page offers the usual ones; every offer's page takes the others",
    "*.OfferForm.stock": "stock or a day's output: the action asks for one of them",
    "*.UnsolicitedOfferForm.city": "left out, it stays at the contact's own city until a coordinator passes it on",
    "*.UnsolicitedOfferForm.currency": "the page offers the usual ones; every offer's page takes the others",
    "*.UnsolicitedOfferForm.product": "left out, it is the product of the line",
    "*.UnsolicitedOfferForm.stock_quantity": "stock or a day's output: the action asks for one of them",
    "*.LeadFactsForm.kind": "left out, it is a sale",
    "*.LeadFactsForm.stock_quantity": "left out, nothing is in stock",
    "*.AllocationPlanForm.rule": "left out, it is fair shares",
    "*.LineForm.priority": "left out, it is the usual one",
    "*.ChangeRequestForm.facility_kinds": "a draft may leave them open; the action asks for them once it is posted",
    "*.NeedProductForm.declared_use": "left out, it is medical",
    "*.NeedProductForm.facility_kinds": "a draft may leave them open; posting asks for them",
    "*.DocumentRequestForm.role": "a company is named beside its role; the action refuses roles that owe nothing",
    "*.DocumentRequestForm.language": "left out, it is English, or what they chose",
    "*.DistributionForm.language": "left out, it is English",
    "*.SupplierFactForm.how": "left out, it was said",
    "*.RegisterLookupForm.party": "left out, it is the company itself",
}

# Fields of pages whose name in the body depends on the object, with the reason. Patterns.
WITHIN: dict[str, str] = {
    "*.CheckReportForm.*": "an inquiry of the check: `answers` holds one for each, and the action knows them",
}
