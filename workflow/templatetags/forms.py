"""Template tags of forms and lists: error summary, page links, sort headings, tick boxes, button classes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workflow.http.pagination import Page

register = template.Library()


@register.inclusion_tag("forms/error_summary.html")
def error_summary(*forms: BaseForm | list[BaseForm]) -> dict[str, Any]:
    """Show every problem of a form that is laid out by hand, each as a link to its field.

    Put `{% error_summary form %}` above the form. A list of forms counts as one.
    """
    forms_shown = [
        form for entry in forms if entry for form in (entry if isinstance(entry, list) else [entry])
    ]
    return {"problems": [problem for form in forms_shown for problem in _problems(form)]}


def _problems(form: BaseForm) -> Iterable[tuple[str, str]]:
    for field, errors in form.errors.items():
        for error in errors:
            if field in form.fields:
                sentence = _joined(str(form[field].label), error)
                yield form[field].id_for_label or form[field].auto_id, sentence
            else:
                yield "", str(error)


def _joined(what: str, why: object) -> str:
    """Return the label with its error, separated by a colon unless the label is a question."""
    return (
        f"{what} {why}" if what.endswith(("?", "？")) else _("%(what)s: %(why)s") % {"what": what, "why": why}
    )


@register.inclusion_tag("components/pages.html", takes_context=True)
def page_link(
    context: Context, page: Page[Any], sheet: bool = False, workbook: bool = False
) -> dict[str, Any]:
    """Show the links to the next and previous page of a list: `{% page_link page %}`.

    The filters in the address stay. Set `sheet=True` if the view offers the list as CSV (`?as=csv`): the
    whole list, as filtered. Set `workbook=True` if it also offers XLSX (`?as=xlsx`).
    """
    query = context["request"].GET
    return {
        "workbook": _with(query, "as", "xlsx", without="cursor") if workbook else "",
        "next": _with(query, "cursor", page.next_cursor),
        "previous": _with(query, "cursor", page.previous_cursor),
        "sheet": _with(query, "as", "csv", without="cursor") if sheet else "",
    }


@register.inclusion_tag("components/sort_heading.html", takes_context=True)
def sort_heading(context: Context, name: str, label: str, kind: str = "") -> dict[str, Any]:
    """Show the heading of a column as the link that sorts by it, and back: `{% sort_heading "price" _("Price") "num" %}`.

    `name` is an order of the list, and `kind` the class of the column. The page of rows is `page` in the context.
    """
    request, page = context["request"], context.get("page")
    now = getattr(page, "order", "")
    down = now == f"-{name}"
    return {
        "label": label,
        "kind": kind,
        "url": _with(request.GET, "order", name if down or now != name else f"-{name}", without="cursor"),
        "sorted": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
    }


@register.simple_tag(takes_context=True)
def row_checkbox(context: Context, thing: Model) -> SafeString | str:
    """Return the check box that selects a row for bulk actions: `{% tick need %}`; "" if the list has no bulk bar."""
    if not context.get("bulk"):
        return ""
    return format_html(
        '<label class="tick no-print"><input type="checkbox" name="row" form="bulk" value="{}">'
        '<span class="visually-hidden">{}</span></label>',
        str(thing.pk),
        _("Select %(thing)s") % {"thing": thing},
    )


@register.simple_tag
def widget_attributes(widget: Mapping[str, Any]) -> SafeString:
    """Return the attributes of a widget's element, as Django's template writes them: `<input{% widget_attributes widget %}>`.

    Attributes, inputs and options are written in Python: templates for them took a tenth of the time of a list.
    """
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{_text(value)}"')
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped


@register.simple_tag
def input_element(widget: Mapping[str, Any]) -> SafeString:
    """Return the element of an input, as Django's template writes it."""
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    named = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}'
    return mark_safe(f"{named}{widget_attributes(widget)}>")  # noqa: S308  # every part is escaped


@register.simple_tag
def select_options(widget: Mapping[str, Any]) -> SafeString:
    """Return the options of a select in their groups, each on its own line: `<select>{% select_options widget %}</select>`."""
    parts = []
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_text(group)}">\n  ')
        for option in options:
            extra = f"\n    {widget_attributes(option)}" if option["attrs"] else ""
            label = conditional_escape(localize(option["label"]))
            parts.append(f'<option value="{_text(option["value"])}"{extra}>{label}</option>\n  ')
        if group:
            parts.append("</optgroup>")
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped


def _text(value: object) -> SafeString:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _with(query: QueryDict, name: str, value: str, without: str = "") -> str:
    if not value:
        return ""
    changed = query.copy()
    changed.pop(without, None)
    changed[name] = value
    return f"?{changed.urlencode()}"


@register.filter
def is_filtered(filters: BaseForm | str) -> bool:
    """Return True if the reader set any filter: an empty list then means something else.

    A page may have no filters at all.
    """
    return isinstance(filters, BaseForm) and any(
        filters[name].value() for name in filters.fields if name != "order"
    )


@register.filter
def button_class(tags: Iterable[str] | None) -> str:
    """Return the class of one of django-allauth's buttons, from its tags."""
    known = set(tags or ())
    if known & {"danger", "delete"}:
        return "btn-danger"
    return (
        "btn-plain" if known & {"outline", "secondary", "link", "cancel", "minor", "tool"} else "btn-primary"
    )
