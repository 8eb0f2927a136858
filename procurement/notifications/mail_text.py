"""Text of e-mails: `templates/notifications/mail/<name>.txt` holds subject and body as plain text.

Both are rendered in the reader's language.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.template import Context, Engine
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.contacts.salutations import salutation
from partners.memberships.models import Membership
from procurement.catalogue.goods_text import goods_text, with_other_products
from procurement.documents.models.requests import DocumentRequest
from procurement.leads.rules import finding_transitions
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.notifications.grouped_check_emails import checks_in_same_mail
from procurement.notifications.item_titles import item_title
from procurement.notifications.notices import NotificationRule
from procurement.notifications.phone_scripts import phone_script
from procurement.outreach.letters import consent_sentence, current_need_description
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.answers import announced_answers
from procurement.outreach.queries.consents import reported_uses
from procurement.outreach.queries.letters import (
    announced_changes,
    changed_need_text,
    changes_since_written,
)
from procurement.receiving.models import Discrepancy
from procurement.requests.models import SupplyRequest
from workflow.days import day_at
from workflow.errors import LazyText
from workflow.formatting import format_day, format_moment, quote_typed
from workflow.i18n import translation_for_reader
from workflow.journal.models import Entry
from workflow.outbox.queue import LINK_PLACEHOLDER
from workflow.templatetags.history import readable_value

# Double stop after a value that is a sentence itself: "a document is missing.."
DOUBLE_FULL_STOP = re.compile(r"(?<!\.)([.!?…。！？](?:\s?[”»])?)[.。](?!\.)")
TITLE_LENGTH = 60  # characters of an item's title in a subject, which phones cut soon
# Verbs on a city's inquiries to a contact, with True if they stop the inquiries.
STOPS_INQUIRIES_BY_VERB = {"stop_for_city": True, "resume_for_city": False}
# Names for readers of relations of companies and certificates.
RELATION_LABELS: dict[str, LazyText] = {
    "merged_into": gettext_lazy("merged into"),
    "notified_body": gettext_lazy("notified body"),
}


class WrittenMail(NamedTuple):
    """Subject and body of an e-mail as its reader will see them, before the link is inserted."""

    subject: str
    body: str


@cache
def _engine() -> Engine:
    """Return the template engine for plain text, without escaping."""
    libraries = {
        "i18n": "django.templatetags.i18n",
        "l10n": "django.templatetags.l10n",
        "partners": "partners.templatetags.partners",
    }
    builtins = ["django.contrib.humanize.templatetags.humanize"]
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")], autoescape=False, libraries=libraries, builtins=builtins
    )


def template_values(
    rule: NotificationRule, thing: Any, entry: Entry, reader: User, at: datetime | None = None
) -> dict[str, Any]:
    """Return the values a template may use, as of a moment.

    They cover the item's own history only, nothing of another city.
    """
    place = contact_as_reader(thing, reader)
    greeted = reader.name if place is None or place is thing else salutation(place, reader.language)
    return {
        "thing": thing,
        "entry": entry,
        "reader": reader,
        "addressed": greeted,
        "name": str(thing),
        "titled": partial(titled_reference, thing),
        "cities": cities_acted_for(entry, thing),
        "subject": rule.subject,
        "says": notification_sentence(rule, thing, entry),
        "reason_said": "%(reason)s" in str(rule.body),
        "page": partial(page_url, thing),
        "more": partial(_other_blocking_findings, thing) if rule.mail_covers_group else (),
        "checks": partial(checks_in_same_mail, thing),
        "phone_script": partial(phone_script, thing, entry.at) if rule.has_phone_script else None,
        "groups": [],  # for the daily summary, filled in by planning
        "total": 0,
        "choices": settings.BASE_URL + reverse("notification_preferences"),
        "written_on": format_day(day_at(at or entry.at, get_current_timezone()), short=True),
        "valid_until": format_day(getattr(thing, "valid_until", None)),
        "last_day": format_day(getattr(thing, "ends_on", None)),
        "delivery_on": format_day(getattr(thing, "delivery_on", None)),
        **due_time_values(thing, at or entry.at),
        **_change_values(thing, entry),
    }


def titled_reference(thing: Any) -> str:
    """Return what an item is and its number, for a subject: "Foshan Huakang · PO-2020-0001".

    A need and an inquiry are named by their goods, not by the title that a person typed. Discrepancies and document
    requests have the number of their shipment, which their readers know.
    """
    numbered = thing.shipment if isinstance(thing, Discrepancy | DocumentRequest) else thing
    need = getattr(thing, "supply_request", thing)
    title = (
        _needed_goods(need, thing.line_numbers if isinstance(thing, Inquiry) else ())
        if isinstance(need, SupplyRequest)
        else item_title(thing._meta.label_lower, thing) or item_title(numbered._meta.label_lower, numbered)
    )
    return " · ".join(filter(None, (Truncator(str(title)).chars(TITLE_LENGTH), numbered.reference)))


def _needed_goods(need: SupplyRequest, line_numbers: Collection[int]) -> str:
    lines = need.lines.numbered(line_numbers).select_related("product").order_by("pk")
    products = list(dict.fromkeys(line.product for line in lines))
    return with_other_products(products[0].name, len(products) - 1) if products else ""


def contact_as_reader(thing: Any, reader: User) -> Contact | None:
    """Return the contact as which a person is written to about an item, or None.

    This is the item itself, the contact it was sent to, or the contact who is asked to agree.
    """
    named = (thing, getattr(thing, "contact", None), getattr(thing, "introducer", None))
    return next((one for one in named if isinstance(one, Contact) and one.user_id == reader.pk), None)


def _change_values(thing: Any, entry: Entry) -> dict[str, Any]:
    """Return the values on changes of the need since an inquiry was sent. Each is read only when used.

    For a need, these are the changes that the entry announces.
    """
    if isinstance(thing, SupplyRequest):
        return {
            "needed": partial(current_need_description, thing),
            "changed": partial(announced_changes, thing, entry),
        }
    if isinstance(thing, IntroductionConsent):
        return {
            "used": partial(reported_uses, thing, entry),
            "ended_because": partial(quoted_reason, entry),
        }
    if not isinstance(thing, Inquiry):
        return {}
    return {
        "introduced": partial(consent_sentence, thing),
        "needed": partial(current_need_description, thing.supply_request, thing.line_numbers),
        "needed_now": partial(changed_need_text, thing),
        "changed": partial(changes_since_written, thing),
        "answers": partial(announced_answers, thing, entry),
    }


def due_time_values(thing: Any, at: datetime, zone: tzinfo | None = None) -> dict[str, Any]:
    """Return the due time of an answer as text with its time zone, and whether that day has been reached.

    Without a zone, the active time zone is used.
    """
    there, due_at = zone or get_current_timezone(), getattr(thing, "due_at", None)
    if due_at is None:
        return {"due": "", "due_has_come": False}
    return {"due": format_moment(due_at, there), "due_has_come": day_at(due_at, there) <= day_at(at, there)}


def cities_acted_for(entry: Entry, thing: Any) -> str:
    """Return the names of the cities that the actor acted for, if the entry records them.

    For cities that stopped or resumed their inquiries to a contact, only those for which that is still true.
    """
    acted = entry.facts.get("cities", ())
    if isinstance(thing, Contact) and entry.verb in STOPS_INQUIRIES_BY_VERB:
        stopped = set(thing.stopped_for)
        acted = [pk for pk in acted if (pk in stopped) is STOPS_INQUIRIES_BY_VERB[entry.verb]] or acted
    return " · ".join(city.name for city in _cities_of_entry(entry) if city.pk in acted)


def _cities_of_entry(entry: Entry) -> list[City]:
    """Return the cities that an entry names, as read by `prefetch_named_cities`."""
    if not hasattr(entry, "cities_named"):
        prefetch_named_cities([entry])
    named: list[City] = getattr(entry, "cities_named", [])
    return named


def prefetch_named_cities(entries: Iterable[Entry]) -> None:
    """Read the cities that the entries name, in one query, for the sentences about them."""
    entries = list(entries)
    wanted = {pk for entry in entries for pk in entry.facts.get("cities", ())}
    known = City.objects.in_bulk(wanted) if wanted else {}
    for entry in entries:
        named = sorted(entry.facts.get("cities", ()))
        entry.cities_named = [known[pk] for pk in named if pk in known]  # type: ignore[attr-defined]  # kept for `_cities_of_entry`


def prefetch_actor_cities(entries: Iterable[Entry]) -> None:
    """Read the cities of the entries' actors at once, for `city_of`."""
    roles = Membership.objects.active().filter(city__isnull=False).select_related("city").order_by("city")
    prefetch_related_objects(list(entries), Prefetch("by__memberships", roles, to_attr="works_for"))


def cities_of_actor_text(entry: Entry) -> str:
    """Return the city or cities of the entry's actor, or "the network" without any."""
    if entry.by is not None and not hasattr(entry.by, "works_for"):
        prefetch_actor_cities([entry])
    roles = getattr(entry.by, "works_for", ())
    return " · ".join(dict.fromkeys(role.city.name for role in roles)) or _("the network")


def recorded_changes_text(thing: Any, entry: Entry) -> str:
    """Return the changes an entry records, as in the item's history: each fact with its old and new value."""
    fields = {field.attname: field for field in thing._meta.concrete_fields if field.editable}
    own = [
        (
            _field_label(fields[name]),
            f"{_format_value(fields[name], entry.before.get(name))} → {_format_value(fields[name], value)}",
        )
        for name, value in entry.after.items()
        if name in fields and _field_label(fields[name])
    ]
    more = thing.described_facts(entry.facts) if hasattr(thing, "described_facts") else ()
    return "; ".join(f"{name}: {said}" for name, said in (*own, *more))


def _field_label(field: Any) -> str:
    """Return the name of a field for readers, or an empty string for an internal field."""
    named = isinstance(field.verbose_name, Promise)
    return str(field.verbose_name) if named else str(RELATION_LABELS.get(field.name, ""))


def _format_value(field: Any, stored: Any) -> str:
    if field.is_relation and stored is not None:
        row = field.related_model._base_manager.filter(pk=stored).first()
        return readable_value(field, None) if row is None else str(row)
    return readable_value(field, stored)


def proposed_changes_text(change: Any) -> str:
    """Return the changes of a proposal: each fact with its old and new value, or the new item."""
    columns = change.field_labels
    return "; ".join(
        f"{columns.get(values['field'], values['field'])}: {values['old'] or '–'} → {values['new'] or '–'}"
        if values["field"]
        else values["new"]
        for values in change.changes
    )


def finding_remedy_text(finding: Any) -> str:
    """Return the advice on a finding: to answer it, or what its rule requires if no answer lifts it."""
    refused = finding_transitions.finding_answer_refusal(finding)
    return _("Respond to the finding, or uphold it.") if refused is None else str(refused)


def unconfirmed_agreement_text(agreement: Any) -> str:
    """Return the sentence on the effect of an agreement until it is confirmed.

    A new agreement has none; an extended one keeps its former rights until the former end date.
    """
    if agreement.agreed_until is None:
        return _(
            "Until you confirm the agreement, neither city can see the other’s contacts or send them "
            "requests."
        )
    words = _(
        "Until %(day)s, both cities can see each other’s contacts and send them requests. After that date, "
        "they can do so only if you confirm the agreement."
    )
    return words % {"day": format_day(agreement.agreed_until)}


def quoted_reason(entry: Entry) -> str:
    """Return the reason of an entry, in quotation marks if a person typed it."""
    reason = entry.localized_reason.strip()
    return quote_typed(reason) if reason and entry.via != "clock" else reason


class _PlaceholderValues(dict[str, str]):
    """Values for the placeholders of a sentence, each read only if the sentence uses it."""

    def __init__(self, thing: Any, entry: Entry) -> None:
        super().__init__()
        self.thing, self.entry = thing, entry

    def __missing__(self, name: str) -> str:
        return str(_PLACEHOLDERS[name](self.thing, self.entry))


_PLACEHOLDERS: dict[str, Callable[[Any, Entry], object]] = {
    "thing": lambda thing, _entry: thing,
    "who": lambda _thing, entry: entry.actor_name,
    "contact": lambda thing, _entry: getattr(thing, "contact", None) or "",
    "city": lambda thing, _entry: getattr(thing, "city", None) or "",
    "need": lambda thing, _entry: thing.supply_request,
    "receiving_need": lambda thing, _entry: thing.line.supply_request,
    "offered_for": lambda _thing, entry: entry.facts.get("offered_for", ""),
    "pieces": lambda thing, _entry: goods_text({thing.lead.product: thing.quantity}),
    "order": lambda thing, _entry: thing.order,
    "inquiry": lambda thing, _entry: thing.inquiry,
    "question": lambda thing, _entry: quote_typed(thing.question),
    "named_by": lambda thing, _entry: thing.introduced_by,
    "introducer": lambda thing, _entry: thing.introducer or "",
    "through": lambda thing, _entry: getattr(thing.through_city, "name", ""),
    "city_of": lambda _thing, entry: cities_of_actor_text(entry),
    "changes": recorded_changes_text,
    "company": lambda thing, _entry: thing.supplier,
    "proposed": lambda thing, _entry: proposed_changes_text(thing),
    "why": lambda thing, _entry: quote_typed(thing.why),
    "cities": lambda thing, entry: cities_acted_for(entry, thing),
    "reason": lambda _thing, entry: quoted_reason(entry),
    "held_for": lambda thing, _entry: quote_typed(thing.reason),
    "role": lambda thing, _entry: thing.get_role_display(),
    "place": lambda thing, _entry: thing.city or _("the network"),
    "giver": lambda thing, _entry: thing.delegator,
    "from": lambda thing, _entry: format_day(thing.starts_on),
    "until": lambda thing, _entry: format_day(thing.ends_on),
    "to": lambda _thing, entry: entry.facts.get("to", ""),
    "offer": lambda thing, _entry: thing.lead,
    "supplier": lambda thing, _entry: thing.lead.supplier,
    "valid_until": lambda thing, _entry: format_day(thing.valid_until),
    "finding": lambda thing, _entry: finding_sentence(thing.code, thing.figures),
    "lifts": lambda thing, _entry: finding_remedy_text(thing),
    "unconfirmed": lambda thing, _entry: unconfirmed_agreement_text(thing),
    "papers": lambda _thing, entry: (
        " · ".join(translation_for_reader(one) for one in entry.facts.get("documents", ()))
        or _("no documents requested")
    ),
}


def notification_sentence(rule: NotificationRule, thing: Any, entry: Entry) -> str:
    """Return the one or two sentences on what happened, in the active language."""
    said = str(rule.body) % _PlaceholderValues(thing, entry) if rule.body else ""
    return DOUBLE_FULL_STOP.sub(r"\1", said).strip()


def _other_blocking_findings(finding: Any) -> list[str]:
    """Return the other findings that block the same offer since the same moment."""
    others = finding.open_sibling_findings.exclude(pk=finding.pk)
    return [finding_sentence(one.code, one.figures) for one in others]


def page_url(thing: Any) -> str:
    """Return the address of the item's page, or an empty string if it has none."""
    return settings.BASE_URL + thing.get_absolute_url() if getattr(thing, "URL_NAME", "") else ""


def render_mail(name: str, facts: dict[str, Any]) -> WrittenMail:
    """Render the template of an e-mail in the active language, with at most one blank line in a row."""
    context = {"link": LINK_PLACEHOLDER, "base_url": settings.BASE_URL, **facts}
    subject, body = (
        _render(f"notifications/mail/{name}.txt#{part}", context) for part in ("subject", "body")
    )
    return WrittenMail(" ".join(subject.split()), body)


def render_body(name: str, facts: dict[str, Any]) -> WrittenMail:
    """Render the subject and the words of an e-mail in the active language, without its link and footer.

    For a person who edits the words.
    """
    subject, body = (_render(f"notifications/mail/{name}.txt#{part}", facts) for part in ("subject", "words"))
    return WrittenMail(" ".join(subject.split()), body.strip())


def _render(template: str, context: dict[str, Any]) -> str:
    text = _engine().get_template(template).render(Context(context, autoescape=False))
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"
