"""Writing a mail: `templates/mail/<name>.txt` holds a subject and a body, plain text, in the reader's language."""

from functools import cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Context, Engine

from accounts.models import User
from procurement.notices import calls
from procurement.notices.notice import Notice
from workflow.models import Entry
from workflow.outbox import LINK


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


def facts(notice: Notice, thing: Any, entry: Entry, reader: User) -> dict[str, Any]:
    """What a template may speak of. Only the thing's own story: nothing of another city."""
    contact = getattr(thing, "contact", None)
    told = {
        "thing": str(thing),
        "who": entry.by_label,
        "contact": str(contact or ""),
        "city": str(getattr(thing, "city", None) or ""),
        "reason": entry.reason,
        "to": entry.facts.get("to", ""),
    }
    title = contact.title if contact is not None and contact.user_id == reader.pk else ""
    return {
        "thing": thing,
        "entry": entry,
        "reader": reader,
        "addressed": " ".join(part for part in (reader.name, title) if part),
        "name": str(thing),
        "subject": notice.subject,
        "says": str(notice.says) % told if notice.says else "",
        "page": partial(_page, thing),
        "call": partial(calls.of, thing, entry.at) if notice.call else None,
    }


def _page(thing: Any) -> str:
    """The page of a thing that has one, asked for by the templates that show it."""
    return settings.BASE_URL + thing.get_absolute_url() if getattr(thing, "PAGE", "") else ""


def write(name: str, facts: dict[str, Any]) -> Written:
    """Fill in a mail's template, in the language that is active. Blank lines are kept to one at a time."""
    context = {"link": LINK, "base_url": settings.BASE_URL, **facts}
    subject, body = (_render(f"mail/{name}.txt#{part}", context) for part in ("subject", "body"))
    return Written(" ".join(subject.split()), body)


def _render(template: str, context: dict[str, Any]) -> str:
    text = _engine().get_template(template).render(Context(context, autoescape=False))
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"
