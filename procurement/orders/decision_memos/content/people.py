"""Sections of a decision memo on people: companies, intermediaries, interests, and decisions."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from partners.memberships.models import Delegation
from partners.place_labels import country_label
from procurement.leads.models.leads import SupplierLead
from procurement.orders.decision_memos.content.content_blocks import (
    Section,
    facts_block,
    heading_block,
    memo_section,
    sentences_block,
    table_block,
)
from procurement.orders.decision_memos.content.goods import quoted_text
from procurement.orders.decision_memos.content.record import OrderRecord
from procurement.orders.models import Order
from procurement.orders.queries import on_behalf_text
from procurement.orders.rules.orders import ORDER_MOVES
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from workflow.formatting import format_day, format_moment, format_quantity
from workflow.journal.models import Entry

DECISION_VERBS = frozenset(
    {"submit", "return", "override", "approve", "accept", "decline", "place", "cancel", "write_off"}
)


def companies_section(record: OrderRecord) -> Section:
    """Return the section on the companies and on the intermediaries of each offer, first to last."""
    blocks: list[dict[str, object] | None] = []
    for company in record.companies:
        blocks += [heading_block(company.name), _company_block(company)]
    for lead in record.chosen_leads:
        blocks += [heading_block(lead.reference), _referral_block(lead)]
    return memo_section(_("Companies and referrals"), *blocks)


def _company_block(company: Supplier) -> dict[str, object] | None:
    return facts_block(
        (_("Legal name"), company.legal_name_local),
        (_("English name"), company.name_en),
        (_("Reference"), company.reference),
        (_("Registration number"), company.uscc or _("not stated")),
        (_("Country or region"), country_label(company.country)),
        (_("Role"), company.get_role_display() or _("not stated")),
        (_("Founded"), company.founded_on and format_day(company.founded_on)),
        (_("Address"), company.address),
        (_("Referred by"), _chain_text(company.referred_by)),
    )


def _referral_block(lead: SupplierLead) -> dict[str, object] | None:
    contact = lead.contact
    brought = (
        " · ".join((str(contact.user), contact.organization.name, contact.city.name))
        if contact
        else _("no contact abroad: entered by the city")
    )
    return facts_block(
        (_("Submitted by"), brought),
        (_("In response to"), lead.inquiry.reference if lead.inquiry else ""),
        (_("Intermediaries"), _chain_text(lead.referred_by)),
    )


def _chain_text(names: list[str]) -> str:
    return " → ".join(names) or _("not named")


def interests_section(record: OrderRecord) -> Section:
    """Return the section on everyone who took part and their declared interests.

    Other people who declared an interest are only counted.
    """
    hands = list(_participants(record))
    ids = {person.pk for _role, person in hands}
    others = len({one.person_id for one in record.interest_declarations if one.person_id not in ids})
    more = ngettext(
        "%(n)s other person declared an interest in one of these companies but took no part in this order.",
        "%(n)s other people declared an interest in one of these companies but took no part in this order.",
        others,
    )
    no_one_else = _("No one else declared an interest in one of these companies.")
    return memo_section(
        _("Declared interests"),
        table_block(
            [_("Who"), _("Involvement"), _("Declared interest")],
            [
                [name, roles, _declared_interests(record, pk)]
                for pk, (name, roles) in _roles_by_person(hands).items()
            ],
            [4, 6, 6],
        ),
        sentences_block(more % {"n": format_quantity(others)} if others else no_one_else),
    )


def _roles_by_person(hands: list[tuple[str, User]]) -> dict[int, tuple[str, list[str]]]:
    found: dict[int, tuple[str, list[str]]] = {}
    for role, person in hands:
        _name, roles = found.setdefault(person.pk, (str(person), []))
        if role not in roles:
            roles.append(role)
    return found


def _participants(record: OrderRecord) -> Iterator[tuple[str, User]]:
    """Yield everyone who took part, with what they did, in order of the steps."""
    chosen = {lead.pk for lead in record.chosen_leads}
    checked = [
        task for task in record.checks if task.reused_from is None and task.pk in record.last_check_reports
    ]
    answered = [one for one in record.findings if one.lead_id in chosen]
    yield from (
        (_("submitted the offer"), lead.contact.user)
        for lead in record.chosen_leads
        if lead.contact is not None
    )
    people = [
        *((record.last_check_reports[task.pk].by, _("carried out a check")) for task in checked),
        *((task.reviewed_by, _("reviewed a report")) for task in record.checks),
        *(
            (
                one.answered_by,
                _("overruled a blocking finding") if one.overruled else _("responded to a finding"),
            )
            for one in answered
        ),
        *((lead.verified_by, _("verified the offer")) for lead in record.chosen_leads),
        *((fixed.author, _("set the criteria")) for fixed in record.criteria),
        *_deciders(record),
    ]
    yield from ((did, person) for person, did in people if person is not None)


def _deciders(record: OrderRecord) -> Iterator[tuple[User | None, str]]:
    order = record.order
    yield order.author, _("created the order")
    for entry in record.journal_entries:
        if entry.verb == "override":
            yield entry.by, _("overrode a blocking issue")
    yield order.approved_by, _("approved the order")
    for under in (order.override_under, order.approved_under):
        yield (under.delegator if under else None), _("delegated their approval")
    for one in record.payments:
        yield one.proposed_by, _("proposed a payment")
        yield one.paid_by, _("made a payment")


def _declared_interests(record: OrderRecord, person: int) -> list[str]:
    """Return a person's declared interests: company, day, and if it has ended. Never their own words."""
    mine = [one for one in record.interest_declarations if one.person_id == person]
    if not mine:
        return [_("none")]
    values = []
    for one in mine:
        facts_of = {"company": one.supplier.name, "day": format_day(record.order.city.day_at(one.created_at))}
        over = one.status == InterestDeclaration.Status.ENDED
        text = (
            _("in %(company)s, declared %(day)s; since ended")
            if over
            else _("in %(company)s, declared %(day)s")
        )
        values.append(text % facts_of)
    return values


def approvals_section(record: OrderRecord) -> Section:
    """Return the section on decisions: who, when, for whom, why; and every override with what it covers."""
    order = record.order
    decisions = [entry for entry in record.journal_entries if entry.verb in DECISION_VERBS]
    return memo_section(
        _("Decisions and approvals"),
        facts_block(
            (_("Created by"), f"{order.author} · {format_moment(order.created_at)}"),
            (_("Approved by"), _approval_text(order) or _("no one yet")),
        ),
        table_block(
            [_("When"), _("Who"), pgettext("an order", "Decision"), _("Reason")],
            [_decision_row(entry) for entry in decisions],
            [4, 4, 5, 6],
        ),
        heading_block(_("Overrides")) if record.overrides else None,
        *(
            facts_block(
                (_("Overridden by"), f"{one.overridden_by}{one.on_behalf_of}"),
                (_("Reason"), quoted_text(one.reason)),
                (_("Issues covered"), _("; ").join(one.covered_references)),
            )
            for one in record.overrides
        ),
    )


def _approval_text(order: Order) -> str:
    if order.approved_by is None:
        return ""
    return f"{order.approved_by}{_delegation_text(order.approved_under)} · {format_moment(order.approved_at)}"


def _delegation_text(under: Delegation | None) -> str:
    return on_behalf_text(under.delegator, under.ends_on) if under is not None else ""


def _decision_row(entry: Entry) -> list[str | list[str]]:
    delegator = entry.facts.get("on_behalf_of", "")
    away = _("on behalf of %(name)s") % {"name": delegator} if delegator else ""
    return [
        format_moment(entry.at),
        [entry.by_label, away],
        str(ORDER_MOVES[entry.verb].past_tense),
        quoted_text(entry.reason) if entry.reason else "",
    ]
