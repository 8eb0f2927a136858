"""Drafts of the letters of an inquiry, and changes of the need since one was written. Reads only."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from partners.agreements.models import TwinningAgreement
from partners.agreements.status import is_in_force
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.memberships.models import Membership
from partners.routing.ranking_reasons import RankReason
from procurement.catalogue.models.products import Product
from procurement.outreach.letter_templates.queries import templates_in_use
from procurement.outreach.letters import InquiryLetter, Signatory, compose_letter, current_need_description
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.lines import has_lost_its_lines
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import ANNOUNCE_CHANGES
from procurement.requests.unwanted_goods.queries import unwanted_goods_of
from workflow.errors import LazyText
from workflow.formatting import quote_typed
from workflow.i18n import translate_all
from workflow.journal.models import Entry
from workflow.templatetags.history import readable_value

type OrientedAgreement = tuple[TwinningAgreement, City, City]


def compose_letters(
    need: SupplyRequest, contact: Contact, author: User, on: date, line_numbers: Collection[int] = ()
) -> tuple[InquiryLetter, InquiryLetter | None]:
    """Return the letter in the contact's language, and in the officer's if that is another.

    `on` is the day in the city of the need; it decides which agreement and which unwanted goods the letter names.
    With `line_numbers`, the letter is about these lines only.
    """
    lines, signed = need_lines(need, line_numbers), signing_officer(author, need.city)
    agreement = agreements_with(need.city, [contact.city_id], on).get(contact.city_id)
    unwanted, templates = unwanted_goods_of([need.city_id], on), templates_in_use(need.city)
    theirs, own = (
        compose_letter(
            need,
            lines,
            contact,
            language,
            agreement=agreement,
            signatory=signed,
            unwanted=unwanted,
            template=templates.get(language),
        )
        for language in (contact.user.language, author.language)
    )
    return theirs, None if contact.user.language == author.language else own


def letter_drafts(
    need: SupplyRequest, contact: Contact, author: User, on: date, line_numbers: Collection[int] = ()
) -> dict[str, str]:
    """Return the words of the composed letters as arguments of `draft_inquiry`.

    The words in the officer's language are left out if both speak the same language.
    """
    theirs, ours = compose_letters(need, contact, author, on, line_numbers)
    words = {"subject": theirs.subject, "body": theirs.body}
    return words if ours is None else words | {"subject_own": ours.subject, "body_own": ours.body}


def asked_products(inquiry: Inquiry) -> list[Product]:
    """Return the products that an inquiry is about, each once, in the order of the need's lines."""
    lines = inquiry.asked_lines
    return list({line.product_id: line.product for line in lines}.values())


def asked_line_labels(inquiry: Inquiry, lines: Iterable[RequestLine]) -> list[str]:
    """Return the chosen lines of an inquiry in words, a removed one by its number; none for the whole need.

    `lines` are those of its need, with their products.
    """
    labels = {line.position: line.numbered_label for line in lines if line.position in inquiry.line_numbers}
    removed = _("Line %(line)s (removed)")
    return [labels.get(number) or removed % {"line": number} for number in inquiry.line_numbers]


def need_lines(need: SupplyRequest, line_numbers: Collection[int] = ()) -> list[RequestLine]:
    """Return the lines of a need in their order, with their products; only those with the numbers, if any are given."""
    lines = RequestLine.objects.filter(supply_request=need).numbered(line_numbers).select_related("product")
    return list(lines.prefetch_related(*ACCEPTED_GOODS).order_by("position"))


def signing_officer(author: User, city: City) -> Signatory:
    """Return the officer who signs for a city, with their office as far as the register knows it.

    Title, office and phone are those of the person's own entry as a contact of the city. Without one, the title
    is their role, and the office is the city's municipality.
    """
    own = Contact.objects.filter(user=author, city=city).select_related("organization").order_by("pk").first()
    role = Membership.objects.active().filter(user=author, city=city).order_by("pk").first()
    municipal = Organization.objects.filter(city=city, kind=Organization.Kind.MUNICIPALITY).order_by("pk")
    office = own.organization if own is not None else municipal.first()
    title: LazyText = own.title if own is not None else ""
    return Signatory(
        name=author.name,
        job_title=title or (Membership.Role(role.role).label if role is not None else ""),
        office=office.name if office is not None else "",
        phone=(own.phone if own is not None else "") or (office.phone if office is not None else ""),
        email=author.email,
    )


def agreements_with(city: City, others: Collection[int], on: date) -> dict[int, TwinningAgreement]:
    """Return the agreement in force on a day between a city and each of the others, by the id of the other city.

    A sister city agreement comes before a friendship one, and the older before the younger. One query.
    """
    kinds = list(TwinningAgreement.Kind.values)
    found: dict[int, TwinningAgreement] = {}
    rows = TwinningAgreement.objects.confirmed_on(on).of_city(city).select_related("city_a", "city_b")
    there = {
        one: other
        for one in rows
        if (other := one.partner_of(city)).pk in frozenset(others) and is_in_force(one, on)
    }
    for one in sorted(there, key=lambda row: (kinds.index(row.kind), row.signed_on or date.max, row.pk)):
        found.setdefault(there[one].pk, one)
    return found


def translated_reasons(reasons: Iterable[RankReason]) -> list[dict[str, Any]]:
    """Return the reasons of a rank, in all three languages, as the inquiry stores them."""
    return [{"code": reason.code, **translate_all(reason.sentence)} for reason in reasons]


FREE_TEXT_FIELDS = frozenset({"title", "deliver_to", "notes"})  # facts in the city's own words


def changed_need_text(inquiry: Inquiry) -> str:
    """Return what the need asks for now if it changed since the inquiry was written, else "".

    Only the lines that the inquiry is about count; if they were all removed, nothing is asked for.
    """
    if not changes_since_written(inquiry) or has_lost_its_lines(inquiry):
        return ""
    return current_need_description(inquiry.supply_request, inquiry.line_numbers)


def changes_since_written(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Return what changed since the inquiry was written, as pairs (fact or line, "before → after").

    Changes of lines that the inquiry is not about are left out. Each reason that was given follows once, as
    ("Reason", reason).
    """
    edits = _edits_since(inquiry.supply_request_id, inquiry.text_written_at)
    return _described_changes(inquiry.supply_request, edits, inquiry.line_numbers)


def announced_changes(need: SupplyRequest, announcement: Entry) -> list[tuple[str, str]]:
    """Return the changes of a need that an entry announces, in the form of `changes_since_written`."""
    since = announcement.facts.get("since")
    return _described_changes(need, _edits_since(need.pk, datetime.fromisoformat(since))) if since else []


def announced_line_numbers(need: SupplyRequest) -> set[int]:
    """Return the numbers of the lines that the last announcement of changes of a need is about. Two queries."""
    label = SupplyRequest._meta.label_lower
    announcements = Entry.objects.filter(thing_label=label, thing_id=need.pk, verb=ANNOUNCE_CHANGES.verb)
    announcement = announcements.order_by("pk").last()
    since = announcement.facts.get("since") if announcement is not None else None
    edits = _edits_since(need.pk, datetime.fromisoformat(since)) if since else []
    return {number for entry in edits for number in _changed_line_numbers(entry.facts)}


def _changed_line_numbers(facts: dict[str, Any]) -> set[int]:
    before, after = (
        {line["line"]: line for line in facts.get(name, []) if "line" in line}
        for name in ("lines_before", "lines")
    )
    return {number for number in before | after if before.get(number) != after.get(number)}


def _described_changes(
    need: SupplyRequest, entries: list[Entry], line_numbers: Collection[int] = ()
) -> list[tuple[str, str]]:
    if entries:
        prefetch_related_objects([need], "lines__product")
    edits = [
        (entry, values)
        for entry in entries
        if (
            values := [
                *_described_facts(need, entry),
                *need.described_line_changes(facts_about_lines(entry.facts, line_numbers)),
            ]
        )
    ]
    reasons = dict.fromkeys(entry.reason for entry, _format_value in edits if entry.reason)
    return [one for _entry, values in edits for one in values] + [
        (_("Reason"), quote_typed(one)) for one in reasons
    ]


def facts_about_lines(facts: dict[str, Any], line_numbers: Collection[int]) -> dict[str, Any]:
    """Return the facts of a journal entry with only the lines that have these numbers; all lines without numbers."""
    if not line_numbers:
        return facts
    changed = {name: facts[name] for name in ("lines_before", "lines") if name in facts}
    return facts | {
        name: [line for line in lines if line.get("line") in line_numbers] for name, lines in changed.items()
    }


def _described_facts(need: SupplyRequest, entry: Entry) -> list[tuple[str, str]]:
    """Return the changes of one journal entry to the need's own facts that the person asked must know."""
    named = {field.name: field for field in need._meta.concrete_fields}
    fields = ((name, named[name]) for name in need.NOTIFIED_FIELDS if name in entry.after)
    return [
        (
            capfirst(str(field.verbose_name)),
            f"{_format_value(field, entry.before.get(name))} → {_format_value(field, entry.after[name])}",
        )
        for name, field in fields
    ]


def _format_value(field: Any, value: Any) -> str:
    """Return a fact in words, in quotation marks if a person typed it."""
    return (
        quote_typed(str(value)) if value and field.name in FREE_TEXT_FIELDS else readable_value(field, value)
    )


def _edits_since(need_id: int, since: datetime) -> list[Entry]:
    label = SupplyRequest._meta.label_lower
    verbs = SupplyRequest.CHANGING_VERBS
    found = Entry.objects.filter(thing_label=label, thing_id=need_id, verb__in=verbs, at__gt=since)
    return list(found.order_by("pk"))
