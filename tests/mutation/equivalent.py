"""Mutations that change nothing, or that only a test in a separate process finds; each with the reason.

The key is the file, the function, the mutation and its count.
"""

TODAY = "today itself was let through in the line before"
READ = "what is read along saves queries; what is not read along is read when it is needed"
WROTE = "the order itself names the person who wrote or entered it"
ONE = "the filter leaves one row at most"
NO_ACCOUNT = "a filter by no account finds none either; the zero is there for the type"
SAVED = "the row is locked and was read a moment before, so its other fields are saved as they are"

EQUIVALENT: dict[str, str] = {
    "procurement/orders/rules/readiness.py|missing_audit_fact_reasons|lost: order.kind != Acqui"
    "sitionType.PURCHASE of order is None or order.kind != AcquisitionType.PURCHASE or …|1": "a donation "
    "is never a draft: it begins as offered",
    "partners/permissions/permissions.py|_cities_by_power|lost: role.city_id is None of role.city_id is "
    "None or role.role == "
    "Membership.Role.BROKER|1": "a coordinator of the network oversees no city, so an empty set is added to each power",
    "accounts/link_sessions.py||never: '__Secure-link' if settings.HTTPS else 'link'|1": "tests/config/test_headers.py starts a "
    "process with HTTPS, because the name is chosen when the module is read",
    "accounts/link_sessions.py|current_link_session|.first() → .last() in "
    "usable.filter(pk=value['link'], thing_label=thing_label, us…|1": ONE,
    "accounts/link_sessions.py|_ask_for_code|lost: key 'sent' of {'form': form, 'sent': False}|1": "the template takes a missing "
    "value for a false one",
    "accounts/actions/links.py|_revoke|lost: update_fields=['revoked_at'] of row.save()|1": SAVED,
    "accounts/actions/links.py|record_link_opened|lost: update_fields=[field] of row.save()|1": SAVED,
    "accounts/actions/links.py|report_misdirected_link|lost: update_fields=['revoked_at'] of ro"
    "w.save()|1": SAVED,
    "accounts/actions/links.py|request_new_link|lost: update_fields=['new_link_requested_at'] of row.save()|1": SAVED,
    "accounts/actions/links.py|verify_email_code|lost: update_fields=['tries', 'used_at'] of ro"
    "w.save()|1": SAVED,
    "accounts/actions/links.py|issue_email_code|expires_at__gt → expires_at__gte|1": "a code that ends at this "
    "moment is set to end at it",
    "procurement/orders/rules/orders.py||lost: 'draft' of ('draft', 'offer', 'edit', 'share', 'use_account')|1": WROTE,
    "procurement/orders/rules/orders.py||lost: 'offer' of ('draft', 'offer', 'edit', 'share', 'use_account')|1": WROTE,
    "procurement/orders/rules/orders.py|authors_of|always: if _AUTHORS_CACHE not in known|1": "the authors are read again: the same "
    "answer, in more queries",
    "procurement/orders/rules/orders.py|authors_of|lost: order.author_id of {order.author_id, *(by for "
    "_verb, by in written if by is "
    "no…|1": "the entry that created the order names the same person",
    "procurement/orders/rules/orders.py|delegation_for_decision|"
    "always: {*authors_of(order), *verifiers_of(order)} if delegations_f…|1": "no "
    "delegation names an absent person to compare with; only queries are saved",
    "procurement/orders/rules/blockers.py||lost: 'allocation__lead__city' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/orders/rules/blockers.py||lost: 'allocation__lead__product' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/orders/rules/blockers.py||lost: 'allocation__lead__supplier' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/orders/rules/blockers.py||lost: 'allocation__lead__maker' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/orders/rules/blockers.py||lost: 'allocation__lead__line' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/orders/rules/blockers.py||lost: 'allocation__line__supply_request__city' of "
    "('allocation__lead__city', 'allocation__lead__product', 'al…|1": READ,
    "procurement/requests/rules.py|invalid_needed_by_refusal|day < today → day <= today|1": TODAY,
    "procurement/requests/rules.py|invalid_reconfirm_day_refusal|day < today → day <= today|1": TODAY,
    "procurement/orders/rules/orders.py|authors_of|lost: if by is not None|1": "an entry of the system names no user, and no user "
    "who decides is without an id",
    "procurement/orders/rules/orders.py|delegation_for_decision|"
    "always: [company.pk for company in companies_of(order)] if free els…|1": "no "
    "absent approver is left to compare with the companies; only queries are saved",
    "procurement/customs/rules.py|false_use_refusal|.first() → .last() in shipment.clearances.f"
    "ilter(side=CustomsRule.Side.EXPORT).va…|1": ONE,
    "procurement/customs/rules.py|_cached_lines|always: "
    "if _LINES_ATTRIBUTE not in known|1": "the lines are read again: the same lines, in more queries",
    "procurement/portal/link_entry_pages.py|inquiry_link_page|.first() → .last() in rows.filter(pk=link.thing_id).first()|1": ONE,
    "procurement/portal/link_entry_pages.py|check_link_page|.first() → .last() in "
    "VerificationTask.objects.filter(pk=link.thing_id).select_re…|1": ONE,
    "procurement/portal/link_entry_pages.py|discrepancy_link_page|.first() → .last() in rows.filter(pk=link.thing_id).first()|1": ONE,
    "procurement/portal/link_entry_pages.py|document_request_link_page|"
    ".first() → .last() in rows.filter(pk=link.thing_id).first()|1": ONE,
    "procurement/orders/payments/rules/blocks.py|accounts_for_order|lost: 0 of order.bank_account_id or 0|1": NO_ACCOUNT,
    "procurement/orders/rules/blockers.py|_load_companies|always: leads_of(order) if leads is None else leads|1": "the offers are read "
    "again: the same offers, in more queries",
    "procurement/orders/rules/blockers.py|_load_companies|lost: if lead.maker_id|1": "no company is without an id",
    "procurement/customs/rules.py|false_use_refusal|never: if all((declared_use(line) != Declar"
    "edUse.NON_MEDICAL for line…|1": "the "
    "only contradiction about receivers is one of goods declared as non-medical; queries are saved",
}
