"""The tags and filters of every template, builtin by settings: icons, statuses, figures, names, moves, history.

For page builders; docs/look.md shows each one in use. They read, and never write.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.db.models import Field, Model
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lucide.templatetags.lucide import lucide

from workflow import journal
from workflow.actors import Actor
from workflow.doors import charts, places, statuses, words
from workflow.doors.lists import Page
from workflow.models import Entry, Tracked
from workflow.moves import Move, Moves, moves_of

register = template.Library()

THEMES = ("light", "dark")
PAST = {
    "add": gettext_lazy("added it"),
    "correct": gettext_lazy("corrected it"),
    "comment": gettext_lazy("wrote a comment"),
    "attach": gettext_lazy("added a file"),
    "undelivered": gettext_lazy("could not deliver a message"),
}  # of things without a life cycle
NEWEST = 100  # entries of a history shown on a page; the audit export has them all


# ---- icons, labels -------------------------------------------------------------------------------------------------


@cache
def drawn(name: str) -> SafeString:
    """An icon of the lucide package as inline SVG, hidden from screen readers: words stand beside it."""
    return mark_safe(lucide(name, size=18, **{"class": "icon", "aria-hidden": "true"}))  # noqa: S308  # nothing of a user's in it


@register.simple_tag
def icon(name: str, meaning: str = "") -> SafeString:
    """`{% icon "package" %}`: decoration beside words. With a meaning it stands alone and says it."""
    if not meaning:
        return drawn(name)
    return format_html('<span role="img" aria-label="{}" title="{}">{}</span>', meaning, meaning, drawn(name))


@register.inclusion_tag("components/status.html")
def status(thing: Any, plain: bool = False) -> dict[str, Any]:
    """`{% status lead %}`: icon and word, from the one table. `plain=True` draws no ground (quiet lists)."""
    look = statuses.look(thing._meta.model_name, thing.status)
    return {"look": look, "label": thing.get_status_display(), "plain": plain}


@register.inclusion_tag("components/status.html")
def mark(name: str, label: str = "", plain: bool = False) -> dict[str, Any]:
    """`{% mark "overdue" %}`: a comparison or a state with its icon and word; `label` replaces the word."""
    look, word = statuses.MARKS[name]
    return {"look": look, "label": label or word, "plain": plain}


# ---- figures, moments, names ---------------------------------------------------------------------------------------


@register.filter
def quantity(number: Any) -> str:
    """`{{ line.quantity|quantity }}`: 500,000 / 500 000 / 500,000."""
    return words.quantity(number)


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """`{{ lead.unit_price|money:lead.currency }}`: CAD 1.92 / 1,92 CAD."""
    return words.money(amount, currency)


@register.filter
def share(part: Any, whole: Any) -> str:
    """`{{ done|share:all }}`: 76% / 76 %."""
    return words.share(part, whole)


@register.filter
def day(when: date | None, form: str = "") -> SafeString | str:
    """`{{ need.needed_by|day }}`: 30 April 2020; `|day:"short"`: 2020-04-30."""
    if when is None:
        return "–"
    return format_html(
        '<time datetime="{}">{}</time>', when.isoformat(), words.day(when, short=form == "short")
    )


@register.filter
def moment(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """`{{ entry.at|moment }}` in the reader's zone; `|moment:city.timezone` in the place's, with its offset."""
    if at is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words.moment(at, zone or None))


@register.filter
def moment_short(at: datetime | None, zone: str | None = None) -> SafeString | str:
    """The same in ISO figures, for tables."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(), words.moment(at, zone or None, short=True)
    )


@register.filter
def moment_text(at: datetime, zone: str = "") -> str:
    """The moment as bare words, to stand inside a translated sentence that names the place."""
    return words.moment(
        words.localised(at, zone or None), words.localised(at, zone or None).tzinfo
    ).rpartition(" (")[0]


@register.simple_tag(takes_context=True)
def relative(context: Context, when: datetime | date | None) -> SafeString | str:
    """`{% relative task.due_at %}`: "today, 17:00", "in 3 days", "2 days ago", by the story's clock."""
    if when is None:
        return "–"
    text = words.relative(when, context["shell"].now)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), text)


@register.simple_tag
def name_of(thing: Any, local: bool = True, below: bool = False) -> SafeString:
    """`{% name_of city %}`: the name in the reader's language and the local one beside it (or `below=True`), each with its `lang`."""
    name = words.name_of(thing)
    shown = _in_language(name.text, name.language)
    if not local or not name.local:
        return shown
    tag, kind = ("span", "local-below") if below else ("span", "local")
    return format_html(
        '{} <{} class="{}" lang="{}">{}</{}>', shown, tag, kind, name.local_language, name.local, tag
    )


@register.filter
def name(thing: Any) -> str:
    """`{{ city|name }}`: the name in the reader's language as bare text, for sentences and options."""
    return words.name_of(thing).text


def _in_language(text: str, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language else format_html("{}", text)


@register.simple_tag
def user_text(text: str, language: str = "", inline: bool = False) -> SafeString:
    """`{% user_text note.text note.language %}`: what a person typed, in its original, marked with its language."""
    tag = "span" if inline else "div"
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('<{} class="user-text"{} dir="auto">{}</{}>', tag, lang, text, tag)


# ---- charts --------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/charts/coverage.html")
def coverage(totals: Any, title: bool = True) -> dict[str, Any]:
    """`{% coverage line %}`: the bar with its legend. `totals` has quantity, released ... offered, as a RequestLine does."""
    return {"coverage": charts.coverage(totals), "title": title}


@register.inclusion_tag("components/charts/coverage_mini.html")
def coverage_mini(totals: Any) -> dict[str, Any]:
    """The bar alone, for a table row, with its sentence for screen readers."""
    return {"coverage": charts.coverage(totals)}


@register.inclusion_tag("components/charts/strip.html")
def strip(price: Any, scale: charts.Scale | None, out: bool = False) -> dict[str, Any]:
    """`{% strip lead.unit_price prices.scale %}`: one price on the scale of its peers, for a table row."""
    return {"strip": charts.strip(price, scale) if scale and price is not None else None, "out": out}


@register.inclusion_tag("components/charts/price_strip.html")
def price_strip(prices: charts.Prices) -> dict[str, Any]:
    """`{% price_strip prices %}`: the strip plot on a desk, a list of strips on a phone; the list serves screen readers too."""
    return {"plot": charts.price_plot(prices), "prices": prices}


@register.inclusion_tag("components/charts/milestones.html", takes_context=True)
def milestones(context: Context, steps: Iterable[charts.Step]) -> dict[str, Any]:
    """`{% milestones steps %}`: the days of a journey on one line, planned, estimated and actual."""
    return {"line": charts.milestone_line(list(steps), context["shell"].now)}


@register.inclusion_tag("components/charts/evidence.html")
def evidence(done: int, needed: int) -> dict[str, Any]:
    """`{% evidence 5 6 %}`: dots and "5/6"."""
    return {
        "done": done,
        "needed": needed,
        "dots": [(6 + 12 * n, n < done) for n in range(needed)],
        "width": 12 * needed,
    }


# ---- moves and history ---------------------------------------------------------------------------------------------


@register.inclusion_tag("components/moves.html", takes_context=True)
def moves(
    context: Context, thing: Tracked, powers: Actor, leave_out: str = "", asks: str = "", card: str = ""
) -> dict[str, Any]:
    """`{% moves shipment powers %}`: open moves as buttons, closed ones greyed with the reason in words.

    A move posts to `<address of the thing><verb>/`. One that needs a reason, or is named in `asks` ("allocate cut"), is a link to
    that address, whose page asks first. `leave_out` names verbs the page offers elsewhere. `card` is the heading of a card of their
    own, which is left out where there is nothing to do.
    """
    answers = [
        (move, no)
        for move, no in moves_of(thing).available(powers, thing)
        if move.verb not in leave_out.split()
    ]
    base = thing.get_absolute_url()
    buttons = [
        (move, f"{base}{move.verb}/", move.reason or move.verb in asks.split())
        for move, no in answers
        if no is None
    ]
    closed = [(move, no) for move, no in answers if no is not None]
    return {
        "buttons": buttons,
        "closed": closed,
        "card": card,
        "csrf_token": context.get("csrf_token"),
        "shell": context.get("shell"),
    }


@register.inclusion_tag("components/history.html")
def history(thing: Model) -> dict[str, Any]:
    """`{% history shipment %}`: who did what, when and why, newest first, with what changed."""
    entries = list(journal.history(thing)[:NEWEST])
    known = Moves.registry.get(thing._meta.label_lower)
    return {"lines": [(entry, past_words(known, entry), changes(thing, entry)) for entry in entries]}


def past_words(known: Moves[Any] | None, entry: Entry) -> str:
    """The verb of an entry as the history says it ("posted")."""
    found: Move[Any] | None = known.by_verb.get(entry.verb) if known else None
    return str(found.past if found else PAST.get(entry.verb) or _(entry.verb.replace("_", " ")))


def changes(thing: Model, entry: Entry) -> list[tuple[str, str, str]]:
    """What an entry changed: (name of the fact, before, after), for the facts a reader knows by name."""
    fields = {field.attname: field for field in thing._meta.concrete_fields}
    return [
        (str(fields[key].verbose_name), fact(fields[key], entry.before.get(key)), fact(fields[key], value))
        for key, value in entry.after.items()
        if key in fields and tellable(fields[key])
    ]


def tellable(field: "Field[Any, Any]") -> bool:
    """Whether a field says something by itself: one that was given a name for people, and is not a key to another row."""
    # What the program counts for itself has no translated name.
    named = isinstance(field.verbose_name, Promise)
    return named and not (field.is_relation or field.name in ("created_at", "reference"))


def fact(field: "Field[Any, Any]", stored: Any) -> str:
    """A stored value as a person reads it."""
    if stored is None or stored == "":
        return "–"
    model: Any = field.model  # every model with a `status` nests its Status
    if field.name == "status":
        return str(dict(model.Status.choices).get(stored, stored))
    if field.choices:
        return str(dict(field.flatchoices).get(stored, stored))
    return _figure(field, stored)


def _figure(field: "Field[Any, Any]", stored: Any) -> str:
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return _("yes") if stored else _("no")
    if kind == "DateField":
        return words.day(date.fromisoformat(stored))
    if kind == "DateTimeField":
        return words.moment(datetime.fromisoformat(stored), short=True)
    if "Integer" in kind:
        return words.quantity(stored)
    if isinstance(stored, list):
        names = dict(getattr(field, "base_field", field).flatchoices)
        return ", ".join(str(names.get(part, part)) for part in stored)
    return str(stored)


# ---- forms, pages, the frame ---------------------------------------------------------------------------------------


@register.inclusion_tag("forms/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """`{% error_summary form %}` above a form laid out by hand: every problem, each a link to its field."""
    return {"problems": [problem for form in forms if form for problem in _problems(form)]}


def _problems(form: BaseForm) -> Iterable[tuple[str, str]]:
    for field, errors in form.errors.items():
        for error in errors:
            if field in form.fields:
                sentence = _("%(what)s: %(why)s") % {"what": form[field].label, "why": error}
                yield form[field].id_for_label or form[field].auto_id, sentence
            else:
                yield "", str(error)


@register.inclusion_tag("components/pages.html", takes_context=True)
def page_link(context: Context, page: Page[Any]) -> dict[str, Any]:
    """`{% page_link page %}`: to the next and previous page of a list; the filters in the address stay."""
    query = context["request"].GET
    return {"next": _with_cursor(query, page.next), "previous": _with_cursor(query, page.previous)}


def _with_cursor(query: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    changed = query.copy()
    changed["cursor"] = cursor
    return f"?{changed.urlencode()}"


@register.filter
def button_class(tags: Iterable[str] | None) -> str:
    """The look of one of django-allauth's buttons, from its tags."""
    known = set(tags or ())
    if known & {"danger", "delete"}:
        return "btn-danger"
    return (
        "btn-plain" if known & {"outline", "secondary", "link", "cancel", "minor", "tool"} else "btn-primary"
    )


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """` data-bs-theme="dark"` where the reader chose; nothing where their system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return format_html(' data-bs-theme="{}"', chosen) if chosen in THEMES else mark_safe("")


@register.inclusion_tag("components/frame/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, icon: str = "") -> dict[str, Any]:
    """A link of the navigation, with its figure where it has one."""
    counts = context["shell"].counts
    return {"place": places.place(name, context["request"], counts, icon)}


@register.simple_tag(takes_context=True)
def nav_more(context: Context) -> list[places.Place]:
    """The places behind "More"."""
    return places.places(places.MORE, context["request"])


@register.filter
def is_current(found: Iterable[places.Place]) -> bool:
    """Whether the page at hand is one of these places or lies below one."""
    return any(place.current for place in found)


@register.simple_tag(takes_context=True)
def account_places(context: Context) -> list[places.Place]:
    """The links of the account menu."""
    return places.account_places(context["request"])


@register.simple_tag
def crumbs(*parts: str) -> SafeString:
    """`{% crumbs _("Needs") needs_url need.reference %}`: pairs of words and address, then the words of this page."""
    links = list(zip(parts[:-1:2], parts[1::2], strict=True))
    before = format_html_join("", '<li><a href="{}">{}</a></li>', ((url, label) for label, url in links))
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        _("You are here"),
        before,
        parts[-1],
    )
