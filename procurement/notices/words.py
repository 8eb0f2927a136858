"""Writing a mail: `templates/mail/<name>.txt` holds a subject and a body, plain text, in the reader's language."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.template import Context, Engine
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from partners.models.cities import City
from partners.models.people import Contact, Membership
from partners.rules.names import addressed
from procurement.leads.rules import findings
from procurement.leads.screening import sentences
from procurement.notices import calls
from procurement.notices.notice import Notice
from procurement.outreach.gathering import changes
from procurement.outreach.gathering.changes import needed_now
from procurement.outreach.letters import needed
from procurement.outreach.models import Inquiry
from workflow.days import day_at
from workflow.doors.tags.history import fact
from workflow.doors.words import day, in_marks, moment
from workflow.errors import Words
from workflow.models.journal import Entry
from workflow.outbox.ledger import LINK
from workflow.tongues import read

# A value that ends its own sentence before the stop of the sentence it stands in: "a paper is missing.."
TWO_STOPS = re.compile(r"(?<!\.)([.!?…。！？](?:\s?[”»])?)[.。](?!\.)")
# What a city said of its questions to a contact: whether they are stopped.
STOPPED = {"stop_for_city": True, "resume_for_city": False}
# Facts of a company and its papers that point to a row, as a reader calls them.
NAMES: dict[str, Words] = {
    "merged_into": gettext_lazy("merged into"),
    "notified_body": gettext_lazy("notified body"),
}


class Written(NamedTuple):
    """A mail as its reader will see it, but for the link."""

    subject: str
    body: str


@cache
def _engine() -> Engine:
    """Plain text needs no escaping: `&` is `&`."""
    libraries = {
        "i18n": "django.templatetags.i18n",
        "l10n": "django.templatetags.l10n",
        "partners": "partners.templatetags.partners",
    }
    builtins = ["django.contrib.humanize.templatetags.humanize"]
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")], autoescape=False, libraries=libraries, builtins=builtins
    )


def facts(
    notice: Notice, thing: Any, entry: Entry, reader: User, at: datetime | None = None
) -> dict[str, Any]:
    """What a template may speak of as of a moment. Only the thing's own story: nothing of another city."""
    place = place_of(thing, reader)
    greeted = reader.name if place is None or place is thing else addressed(place, reader.language)
    return {
        "thing": thing,
        "entry": entry,
        "reader": reader,
        "addressed": greeted,
        "name": str(thing),
        "cities": cities_of(entry, thing),
        "subject": notice.subject,
        "says": sentence(notice, thing, entry),
        "reason_said": "%(reason)s" in str(notice.says),
        "page": partial(page_of, thing),
        "more": partial(_more, thing) if notice.together else (),
        "call": partial(calls.of, thing, entry.at) if notice.call else None,
        "groups": [],  # of a daily mail: planning puts them in
        "total": 0,
        "choices": settings.BASE_URL + reverse("notice_choices"),
        **due(thing, at or entry.at),
        **_changes(thing),
    }


def place_of(thing: Any, reader: User) -> Contact | None:
    """The place in which a person is written to about a thing: as the contact it is put to, or who is asked to agree."""
    named = (thing, getattr(thing, "contact", None), getattr(thing, "introducer", None))
    return next((one for one in named if isinstance(one, Contact) and one.user_id == reader.pk), None)


def _changes(thing: Any) -> dict[str, Any]:
    """What changed in the need of a question since it went out, read where a mail names it."""
    if not isinstance(thing, Inquiry):
        return {}
    return {
        "needed": partial(needed, thing.supply_request),
        "needed_now": partial(needed_now, thing),
        "changed": partial(changes.changed, thing),
    }


def due(thing: Any, at: datetime, zone: tzinfo | None = None) -> dict[str, Any]:
    """The day and hour when an answer is due, with the time zone, which is the active one where none is given; and whether that
    day has come.
    """
    there, due_at = zone or get_current_timezone(), getattr(thing, "due_at", None)
    if due_at is None:
        return {"due": "", "due_has_come": False}
    return {"due": moment(due_at, there), "due_has_come": day_at(due_at, there) <= day_at(at, there)}


def cities_of(entry: Entry, thing: Any) -> str:
    """The cities for which a person acted, where the entry says so; of those that stopped their questions, or ask again, the ones of
    which that is still so.
    """
    acted = entry.facts.get("cities", ())
    if isinstance(thing, Contact) and entry.verb in STOPPED:
        stopped = set(thing.stopped_for)
        acted = [pk for pk in acted if (pk in stopped) is STOPPED[entry.verb]] or acted
    return " · ".join(city.name for city in _named(entry) if city.pk in acted)


def _named(entry: Entry) -> list[City]:
    """The cities that an entry names, as `read_named` read them."""
    if not hasattr(entry, "cities_named"):
        read_named([entry])
    named: list[City] = getattr(entry, "cities_named", [])
    return named


def read_named(entries: Iterable[Entry]) -> None:
    """Read at once the cities that the entries name, for `cities_of`."""
    entries = list(entries)
    wanted = {pk for entry in entries for pk in entry.facts.get("cities", ())}
    known = City.objects.in_bulk(wanted) if wanted else {}
    for entry in entries:
        named = sorted(entry.facts.get("cities", ()))
        entry.cities_named = [known[pk] for pk in named if pk in known]  # type: ignore[attr-defined]  # kept for `_named`


def read_cities(entries: Iterable[Entry]) -> None:
    """Read at once for which cities the people who acted work, for `city_of`."""
    roles = Membership.objects.active().filter(city__isnull=False).select_related("city").order_by("city")
    prefetch_related_objects(list(entries), Prefetch("by__memberships", roles, to_attr="works_for"))


def city_of(entry: Entry) -> str:
    """The city or cities of the person who acted; for one who works for none, the network."""
    if entry.by is not None and not hasattr(entry.by, "works_for"):
        read_cities([entry])
    roles = getattr(entry.by, "works_for", ())
    return " · ".join(dict.fromkeys(role.city.name for role in roles)) or _("the network")


def changes_of(thing: Any, entry: Entry) -> str:
    """What an entry says was changed of a thing, as its history does: each fact with its old and its new value, a row by its name."""
    fields = {field.attname: field for field in thing._meta.concrete_fields if field.editable}
    own = [
        (
            _name_of(fields[name]),
            f"{_told(fields[name], entry.before.get(name))} → {_told(fields[name], value)}",
        )
        for name, value in entry.after.items()
        if name in fields and _name_of(fields[name])
    ]
    more = thing.tell(entry.facts) if hasattr(thing, "tell") else ()
    return "; ".join(f"{name}: {said}" for name, said in (*own, *more))


def _name_of(field: Any) -> str:
    """What people call a fact; empty for what the program keeps for itself."""
    named = isinstance(field.verbose_name, Promise)
    return str(field.verbose_name) if named else str(NAMES.get(field.name, ""))


def _told(field: Any, stored: Any) -> str:
    if field.is_relation and stored is not None:
        row = field.related_model._base_manager.filter(pk=stored).first()
        return fact(field, None) if row is None else str(row)
    return fact(field, stored)


def proposed(change: Any) -> str:
    """What a proposal would change: each fact with its old and its new value; of what should count, what it is."""
    columns = change.columns
    return "; ".join(
        f"{columns.get(told['field'], told['field'])}: {told['old'] or '–'} → {told['new'] or '–'}"
        if told["field"]
        else told["new"]
        for told in change.changes
    )


def what_lifts(finding: Any) -> str:
    """What a person does about a finding: answer it, or what its rule says where no answer lifts it."""
    refused = findings.answerable(finding)
    return _("Answer it in writing, or uphold it.") if refused is None else str(refused)


def what_holds(tie: Any) -> str:
    """What an agreement gives until it is confirmed: nothing yet, or what it gave before it was extended."""
    if tie.agreed_until is None:
        return _("Until then it gives neither city any right over the other’s contacts.")
    words = _("Until %(day)s both cities keep their rights; after that day, only if you confirm.")
    return words % {"day": day(tie.agreed_until)}


def quoted(entry: Entry) -> str:
    """Why it was done, in quotation marks, because it is as the person typed it; what the machine says needs none."""
    reason = entry.why.strip()
    return in_marks(reason) if reason and entry.via != "clock" else reason


class _Facts(dict[str, str]):
    """What a sentence may speak of, each read only where the sentence names it."""

    def __init__(self, thing: Any, entry: Entry) -> None:
        super().__init__()
        self.thing, self.entry = thing, entry

    def __missing__(self, name: str) -> str:
        return str(_FACTS[name](self.thing, self.entry))


_FACTS: dict[str, Callable[[Any, Entry], object]] = {
    "thing": lambda thing, _entry: thing,
    "who": lambda _thing, entry: entry.by_label,
    "contact": lambda thing, _entry: getattr(thing, "contact", None) or "",
    "city": lambda thing, _entry: getattr(thing, "city", None) or "",
    "named_by": lambda thing, _entry: thing.introduced_by,
    "through": lambda thing, _entry: getattr(thing.through_city, "name", ""),
    "city_of": lambda _thing, entry: city_of(entry),
    "changes": changes_of,
    "company": lambda thing, _entry: thing.supplier,
    "proposed": lambda thing, _entry: proposed(thing),
    "why": lambda thing, _entry: in_marks(thing.why),
    "cities": lambda thing, entry: cities_of(entry, thing),
    "reason": lambda _thing, entry: quoted(entry),
    "held_for": lambda thing, _entry: in_marks(thing.reason),
    "role": lambda thing, _entry: thing.get_role_display(),
    "place": lambda thing, _entry: thing.city or _("the network"),
    "giver": lambda thing, _entry: thing.giver,
    "from": lambda thing, _entry: day(thing.starts_on),
    "until": lambda thing, _entry: day(thing.ends_on),
    "to": lambda _thing, entry: entry.facts.get("to", ""),
    "offer": lambda thing, _entry: thing.lead,
    "supplier": lambda thing, _entry: thing.lead.supplier,
    "finding": lambda thing, _entry: sentences.sentence(thing.code, thing.figures),
    "lifts": lambda thing, _entry: what_lifts(thing),
    "unconfirmed": lambda thing, _entry: what_holds(thing),
    "papers": lambda _thing, entry: (
        " · ".join(read(one) for one in entry.facts.get("papers", ())) or _("none is asked for")
    ),
}


def sentence(notice: Notice, thing: Any, entry: Entry) -> str:
    """What happened, in one or two sentences, in the language that is active."""
    said = str(notice.says) % _Facts(thing, entry) if notice.says else ""
    return TWO_STOPS.sub(r"\1", said).strip()


def _more(finding: Any) -> list[str]:
    """The other findings that block the same offer since the same moment."""
    others = finding.together.exclude(pk=finding.pk)
    return [sentences.sentence(one.code, one.figures) for one in others]


def page_of(thing: Any) -> str:
    """The page of a thing that has one, asked for by the templates that show it; "" for a thing without."""
    return settings.BASE_URL + thing.get_absolute_url() if getattr(thing, "PAGE", "") else ""


def write(name: str, facts: dict[str, Any]) -> Written:
    """Fill in a mail's template, in the language that is active. Blank lines are kept to one at a time."""
    context = {"link": LINK, "base_url": settings.BASE_URL, **facts}
    subject, body = (_render(f"mail/{name}.txt#{part}", context) for part in ("subject", "body"))
    return Written(" ".join(subject.split()), body)


def wording(name: str, facts: dict[str, Any]) -> Written:
    """A mail's words by themselves, without its link and what stands at its foot: for whoever changes them, in the active language."""
    subject, body = (_render(f"mail/{name}.txt#{part}", facts) for part in ("subject", "words"))
    return Written(" ".join(subject.split()), body.strip())


def _render(template: str, context: dict[str, Any]) -> str:
    text = _engine().get_template(template).render(Context(context, autoescape=False))
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"
