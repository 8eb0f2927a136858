"""Of a memo: through whom the goods came, whom a company concerns, and who decided what in whose place."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from partners.labels import country_label
from partners.models.delegations import Delegation
from procurement.leads.models.offer import SupplierLead
from procurement.orders.gathering.blocks import Section, facts, heading, section, sentences, table
from procurement.orders.gathering.goods import quoted
from procurement.orders.gathering.overrides import in_place
from procurement.orders.gathering.record import Record
from procurement.orders.models.order import Order
from procurement.orders.rules.orders import ORDER_MOVES
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest
from workflow.doors import words
from workflow.models.journal import Entry

DECISIONS = frozenset(
    {"submit", "return", "override", "approve", "accept", "decline", "place", "cancel", "lose"}
)


def companies(record: Record) -> Section:
    """Who the companies are, and the chain of who referred them and who brought the offer, first to last."""
    blocks: list[dict[str, object] | None] = []
    for company in record.companies:
        blocks += [heading(company.name), _company(company)]
    for lead in record.chosen:
        blocks += [heading(lead.reference), _referral(lead)]
    return section(_("Companies, and who referred them"), *blocks)


def _company(company: Supplier) -> dict[str, object] | None:
    return facts(
        (_("Legal name"), company.legal_name_local),
        (_("English name"), company.name_en),
        (_("Reference"), company.reference),
        (_("Company number"), company.uscc or _("not said")),
        (_("Country or region"), country_label(company.country)),
        (_("Role"), company.get_role_display() or _("not said")),
        (_("Founded"), company.founded_on and words.day(company.founded_on)),
        (_("Address"), company.address),
        (_("Who referred them"), _chain(company.referred_by)),
    )


def _referral(lead: SupplierLead) -> dict[str, object] | None:
    contact = lead.contact
    brought = (
        " · ".join((str(contact.user), contact.organisation.name, contact.city.name))
        if contact
        else _("nobody abroad: it was entered here")
    )
    return facts(
        (_("Brought by"), brought),
        (_("In answer to"), lead.inquiry.reference if lead.inquiry else ""),
        (_("Who the offer came through"), _chain(lead.referred_by)),
    )


def _chain(names: list[str]) -> str:
    return " → ".join(names) or _("nobody is named")


def interests(record: Record) -> Section:
    """Whoever had a hand in it, each with what they declared; and how many others said that a company concerns them."""
    hands = list(_hands(record))
    ids = {person.pk for _role, person in hands}
    others = len({one.person_id for one in record.interests if one.person_id not in ids})
    more = ngettext(
        "%(n)s other person declared an interest in one of these companies and had no hand in this order.",
        "%(n)s other people declared an interest in one of these companies and had no hand in this order.",
        others,
    )
    nobody = _("Nobody else declared an interest in one of these companies.")
    return section(
        _("Interests"),
        table(
            [_("Who"), _("What they did"), _("Interest declared")],
            [[name, roles, _declared(record, pk)] for pk, (name, roles) in _by_person(hands).items()],
            [4, 6, 6],
        ),
        sentences(more % {"n": words.quantity(others)} if others else nobody),
    )


def _by_person(hands: list[tuple[str, User]]) -> dict[int, tuple[str, list[str]]]:
    found: dict[int, tuple[str, list[str]]] = {}
    for role, person in hands:
        _name, roles = found.setdefault(person.pk, (str(person), []))
        if role not in roles:
            roles.append(role)
    return found


def _hands(record: Record) -> Iterator[tuple[str, User]]:
    """Everybody who had a hand in it, in the order of the story."""
    chosen = {lead.pk for lead in record.chosen}
    made = [task for task in record.checks if task.reused_from is None and task.pk in record.reports]
    answered = [one for one in record.findings if one.lead_id in chosen]
    yield from (
        (_("brought the offer"), lead.contact.user) for lead in record.chosen if lead.contact is not None
    )
    people = [
        *((record.reports[task.pk].by, _("made a check")) for task in made),
        *((task.judged_by, _("judged a report")) for task in record.checks),
        *(
            (one.answered_by, _("overruled a blocking finding") if one.overruled else _("answered a finding"))
            for one in answered
        ),
        *((lead.verified_by, _("verified the offer")) for lead in record.chosen),
        *((fixed.author, _("fixed the criteria")) for fixed in record.criteria),
        *_decided(record),
    ]
    yield from ((did, person) for person, did in people if person is not None)


def _decided(record: Record) -> Iterator[tuple[User | None, str]]:
    order = record.order
    yield order.author, _("wrote the order")
    for entry in record.entries:
        if entry.verb == "override":
            yield entry.by, _("overrode what stood in the way")
    yield order.approved_by, _("approved it")
    for under in (order.override_under, order.approved_under):
        yield (under.giver if under else None), _("was stood in for")
    for one in record.payments:
        yield one.proposed_by, _("proposed a payment")
        yield one.paid_by, _("paid")


def _declared(record: Record, person: int) -> list[str]:
    """What somebody declared about these companies: which, since when, and whether it is over. Never their own words."""
    mine = [one for one in record.interests if one.person_id == person]
    if not mine:
        return [_("none")]
    told = []
    for one in mine:
        facts_of = {"company": one.supplier.name, "day": words.day(record.order.city.day_at(one.created_at))}
        over = one.status == Interest.Status.ENDED
        text = (
            _("in %(company)s, declared %(day)s; over by now")
            if over
            else _("in %(company)s, declared %(day)s")
        )
        told.append(text % facts_of)
    return told


def approvals(record: Record) -> Section:
    """Who decided what and when, in whose place, with which reason; and every override, with what it covers."""
    order = record.order
    decisions = [entry for entry in record.entries if entry.verb in DECISIONS]
    return section(
        _("Who decided"),
        facts(
            (_("Written by"), f"{order.author} · {words.moment(order.created_at)}"),
            (_("Approved by"), _approved(order) or _("nobody yet")),
        ),
        table(
            [_("When"), _("Who"), _("What"), _("Reason")],
            [_decision(entry) for entry in decisions],
            [4, 4, 5, 6],
        ),
        heading(_("Ordered in spite of what stood in the way")) if record.overrides else None,
        *(
            facts(
                (_("Overridden by"), f"{one.by}{one.place}"),
                (_("Reason"), quoted(one.reason)),
                (_("It covers"), _("; ").join(one.covers)),
            )
            for one in record.overrides
        ),
    )


def _approved(order: Order) -> str:
    if order.approved_by is None:
        return ""
    return f"{order.approved_by}{_in_place(order.approved_under)} · {words.moment(order.approved_at)}"


def _in_place(under: Delegation | None) -> str:
    return in_place(under.giver, under.ends_on) if under is not None else ""


def _decision(entry: Entry) -> list[str | list[str]]:
    stands = entry.facts.get("stands_in_for", "")
    away = _("in the place of %(name)s") % {"name": stands} if stands else ""
    return [
        words.moment(entry.at),
        [entry.by_label, away],
        str(ORDER_MOVES[entry.verb].past),
        quoted(entry.reason) if entry.reason else "",
    ]
