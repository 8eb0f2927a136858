"""Forms that change stored rows, and that never silently undo other people's changes.

Each form carries the values that its author read. Changes made meanwhile by others only are kept; changes
made by this person only are saved. If both changed the same field, nothing is saved until the person has
seen both values (docs/adr/0093).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from workflow.formatting import format_moment
from workflow.journal.entries import change_entries
from workflow.journal.models import Entry
from workflow.moves import lock_row

READ_VALUES_FIELD = "as_read"
FIELDS_NOT_COMPARED = (forms.FileField,)
MULTIPLE_CHOICE_FIELDS = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


@dataclass(frozen=True)
class EditConflict:
    """Values of a field that two people changed to different ones: the stored value with its author, and the typed one.

    The texts are those that the reader sees. `when` is the time of the stored value.
    """

    author: str
    when: str
    stored: str
    typed: str


class EditForm(forms.Form):
    """Form that changes a row and carries the values that its author read.

    `thing` is the row to change, or None in a form for a new one. A hidden input holds the values of the fields
    at the time when the page was rendered. `jointly_compared_fields` names groups of fields that only have a meaning together,
    such as an amount and its currency, and are compared as one. Without the hidden input, every field is saved as sent.
    After validation, `conflicts` holds both values of each field in conflict, by the field's name.
    """

    thing: Model | None = None
    jointly_compared_fields: ClassVar[tuple[frozenset[str], ...]] = ()

    @property
    def read_values_input(self) -> str:
        """Hidden input with the stored value of each field, by the field's name."""
        if self.thing is None:
            return ""
        values = json.dumps({name: self._stored(name) for name in self._names()}, ensure_ascii=False)
        return format_html(
            '<input type="hidden" name="{}" value="{}">', self.add_prefix(READ_VALUES_FIELD), values
        )

    def full_clean(self) -> None:
        """Merge the sent values with later changes, then check the fields as every form does."""
        collided = self._merge_changes() if self.is_bound and self.thing is not None else []
        super().full_clean()
        self.conflicts: dict[str, EditConflict] = {name: self._conflict(name) for name in collided}
        for name, conflict in self.conflicts.items():
            self.add_error(name, _conflict_sentence(conflict))

    def _names(self) -> list[str]:
        return [name for name, field in self.fields.items() if not isinstance(field, FIELDS_NOT_COMPARED)]

    def _stored(self, name: str) -> Any:
        """Return the stored value of a field, as JSON that the field can read again."""
        return _language_neutral(self.fields[name], self.get_initial_for_field(self.fields[name], name))

    def _merge_changes(self) -> list[str]:
        """Take over the values that only others changed, and return the names of the fields in conflict.

        A field is in conflict if this person and others changed it to different values.
        """
        collided: list[str] = []
        taken_over: list[str] = []
        for names in self._parts(self._read()):
            before, stored, sent = zip(*names.values(), strict=True)
            if stored in (before, sent):
                continue
            if sent == before:
                taken_over += names
            else:
                collided += [name for name, (_before, now, mine) in names.items() if now != mine]
        if taken_over:
            data: Any = self.data
            self.data = data.copy()
            for name in taken_over:
                _set_form_value(self.data, self.add_prefix(name), self.fields[name], self._stored(name))
        return collided

    def _parts(self, read: Mapping[str, Any]) -> Iterator[dict[str, tuple[Any, Any, Any]]]:
        """Yield the fields, each with three values: as read, as stored now, and as sent.

        Fields that count as one come together.
        """
        data = {name: self._read_stored_and_sent(name, read[name]) for name in self._names() if name in read}
        for group in self.jointly_compared_fields:
            if part := {name: data.pop(name) for name in [*data] if name in group}:
                yield part
        for name, values in data.items():
            yield {name: values}

    def _read_stored_and_sent(self, name: str, read: Any) -> tuple[Any, Any, Any]:
        field = self.fields[name]
        return (
            _comparable_value(field, read),
            _comparable_value(field, self._stored(name)),
            _comparable_value(field, self[name].data),
        )

    def _read(self) -> Mapping[str, Any]:
        """Return the values that the author read; empty if they were not sent or cannot be read."""
        try:
            read = json.loads(self.data.get(self.add_prefix(READ_VALUES_FIELD)) or "{}")
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}

    def _conflict(self, name: str) -> EditConflict:
        """Return both values of a field, and the author of the stored one."""
        field, entry = self.fields[name], self._entry_of(name)
        return EditConflict(
            author=entry.actor_name if entry else _("Someone else"),
            when=format_moment(entry.at, short=True) if entry else _("meanwhile"),
            stored=_displayed(field, self._stored(name)),
            typed=_displayed(field, self[name].data),
        )

    def _entry_of(self, name: str) -> Entry | None:
        """Return the latest journal entry that changed this field.

        For a field that is no column of the object, return the object's latest entry.
        """
        assert self.thing is not None, "asked only of a form that changes something"
        entries = change_entries(self.thing)
        columns = {field.name: field.attname for field in self.thing._meta.concrete_fields}
        own = entries.filter(after__has_key=columns[name]) if name in columns else entries
        return own.first() or entries.first()


@contextmanager
def locked_for_edit(request: HttpRequest, thing: Model) -> Iterator[None]:
    """Lock the row and read it again while a form that changes it is answered.

    Make the form and run the action inside the block, so that the row cannot change in between. A page that
    is only shown locks nothing.
    """
    if request.method != "POST":
        yield
        return
    with transaction.atomic():
        lock_row(thing)
        thing.refresh_from_db()
        yield


def _conflict_sentence(conflict: EditConflict) -> str:
    sentence = _(
        "%(who)s changed this while your page was open. Nothing has been saved yet. Save again to keep "
        "your value, or enter the other one."
    )
    return sentence % {"who": conflict.author}


def _language_neutral(field: forms.Field, value: Any) -> Any:
    """Return a value as JSON that is the same in every language of the page."""
    if isinstance(value, Model):
        return value.pk if getattr(field, "to_field_name", None) is None else field.prepare_value(value)
    if isinstance(value, list | tuple | set) or hasattr(value, "all"):
        many = value.all() if hasattr(value, "all") else value
        return [_language_neutral(field, one) for one in many]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    prepared = field.prepare_value(value)
    return prepared if isinstance(prepared, str) else str(prepared)


def _comparable_value(field: forms.Field, values: Any) -> Any:
    """Return a value in a form that can be compared, whether it was stored, read or typed.

    A value that the field cannot read is returned unchanged.
    """
    if isinstance(values, list) and not isinstance(field, MULTIPLE_CHOICE_FIELDS):
        values = field.prepare_value(values)  # several texts in one box
    try:
        value = field.to_python(values)
    except forms.ValidationError:
        return values
    value = _language_neutral(field, value)
    if isinstance(field, MULTIPLE_CHOICE_FIELDS):
        return sorted(value or [], key=str)
    return "" if value is None else value


def _set_form_value(data: Any, name: str, field: forms.Field, value: Any) -> None:
    """Put a stored value into the form's data, as a browser would send it."""
    if value is False:
        data.pop(name, None)
    elif isinstance(value, list) and isinstance(field, MULTIPLE_CHOICE_FIELDS):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = "" if value is None else str(field.prepare_value(value))


def _displayed(field: forms.Field, values: Any) -> str:
    """Return a value as text: the labels of choices, and figures as the reader's language writes them."""
    if isinstance(values, bool):
        return _("yes") if values else _("no")
    chosen = [str(one) for one in (values if isinstance(values, list) else [values])]
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        labels = {str(key): str(label) for key, label in _choices(field)}
        return ", ".join(labels.get(one, one) for one in chosen if one not in ("", "None")) or _("nothing")
    try:
        shown = field.prepare_value(field.to_python(values))
    except forms.ValidationError:
        shown = values
    return str(shown) if shown not in (None, "") else _("nothing")


def _choices(field: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each choice of a field, also those in groups."""
    for key, label in field.choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield getattr(key, "value", key), label
