"""A coordinator keeps a customs rule or a relief by hand: adds one, changes it, confirms it anew, ends it, or follows the file again.

Each is one journal entry with what it said before and after. A row once changed is left alone by later loads (docs/adr/0084).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.actions.loading import wait_for_other_loads
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Confidence
from procurement.catalogue.models.products import Product
from procurement.catalogue.rules import keeping
from procurement.catalogue.rules.keeping import Known, bad_code, bad_day, bad_source, may_keep
from workflow.actors import Actor
from workflow.days import latest_day, utc_day
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot
from workflow.moves import locked

type Kept = CustomsRule | DutyRelief

OURS = frozenset({"id", "code", "kept_since", "own", "file_says"})
FIXED = OURS | {"from_memory"}


def add(row: Kept, *, reason: str, by: Actor, at: datetime) -> Kept:
    """Add a rule or a relief that no file has. Refuses a code that is taken, and what a rule cannot say, by field."""
    _refuse_others(by)
    with transaction.atomic():
        wait_for_other_loads()
        _refuse_without(reason)
        _raise(bad_code(row.code))
        if type(row)._default_manager.filter(code=row.code).exists():
            raise Refused(keeping.BAD, _("This code is taken."), field="code")
        row.kept_since, row.own = at, True
        _raise(bad_day(row.seen_on, latest_day(at)))
        _refuse_unfit(row)
        row.save(force_insert=True)
        entries.record(row, "add", by=by, at=at, reason=reason, after=entries.snapshot(row))
    return row


def change(
    row: Kept, facts: Mapping[str, Any], *, reason: str, by: Actor, at: datetime, known: str | None = None
) -> None:
    """Change what a rule says. A column with a new value is from memory no more.

    Refuses what a rule cannot say, by field; a change that changes nothing; and one that rests on what somebody else has changed
    since (`known`: the state that was shown, as `state` tells it).
    """
    strange = sorted(facts.keys() & FIXED)
    if strange:
        raise Refused("not_editable", _("This is not changed here."), fields=strange)
    _refuse_without(reason)
    with _kept(row, "change", by=by, at=at, reason=reason, known=known) as kept:
        fresh = {name for name, value in facts.items() if getattr(kept, name) != value}
        if not fresh:
            raise Refused("nothing_changed", _("Nothing was changed."))
        if "seen_on" in fresh:
            _raise(bad_day(facts["seen_on"], latest_day(at)))
        for name in fresh:
            setattr(kept, name, facts[name])
        kept.from_memory = [name for name in kept.from_memory if name not in fresh]


def confirm(row: Kept, *, source: str, confidence: str, by: Actor, at: datetime, remark: str = "") -> None:
    """Confirm that a rule is still in force today, by a source that was looked at. Refuses one that has ended, and a bad source."""
    _raise(bad_source(source))
    if confidence not in {Confidence.FIRM, Confidence.WEAK}:
        words = _("Who looked at a source says how firm it is: firm or weak.")
        raise Refused(keeping.BAD, words, field="confidence")
    with _kept(row, "confirm", by=by, at=at, reason=remark, source=source.strip()) as kept:
        if kept.valid_to is not None and kept.valid_to < utc_day(at):
            words = _("It has ended. Change its last day first, if it is in force again.")
            raise Refused("has_ended", words, field="source")
        if confidence != Confidence.FIRM and getattr(kept, "effect", "") == CustomsRule.Effect.BLOCKS:
            words = _("Only a firm rule blocks: with a source that says so. Everything else warns.")
            raise Refused(keeping.BAD, words, field="confidence")
        kept.seen_on = utc_day(at)
        kept.confidence = confidence
        kept.source_urls = [source.strip(), *(one for one in kept.source_urls if one != source.strip())]
        if isinstance(kept, CustomsRule) and kept.effect == CustomsRule.Effect.BLOCKS:
            _raise(keeping.groundless(kept, "source"))


def end(row: Kept, *, on: date, source: str, reason: str, by: Actor, at: datetime) -> None:
    """Say which day was the last a rule was in force, by which source. Refuses a day before it began."""
    _raise(bad_source(source))
    _refuse_without(reason)
    with _kept(row, "end_rule", by=by, at=at, reason=reason, source=source.strip()) as kept:
        if kept.valid_from is not None and on < kept.valid_from:
            raise Refused(keeping.BAD, _("It ends before it begins."), field="on")
        kept.valid_to = on
        kept.from_memory = [name for name in kept.from_memory if name != "valid_to"]
        if source.strip() not in kept.source_urls:
            kept.source_urls = [*kept.source_urls, source.strip()]


def follow_file(row: Kept, *, reason: str, by: Actor, at: datetime) -> None:
    """Give up what was changed by hand for what the file says; later loads change the row again.

    Refuses a row that nobody keeps by hand, and one that no file has.
    """
    _refuse_without(reason)
    with _kept(row, "follow_file", by=by, at=at, reason=reason) as kept:
        if not kept.file_says:
            words = _("The file says nothing else, as far as the last load knows.")
            raise Refused("nothing_changed", words)
        columns = {field.attname: field for field in kept._meta.concrete_fields}
        for name, value in kept.file_says.items():
            setattr(kept, name, columns[name].to_python(value))
        kept.kept_since, kept.file_says = None, {}


def state(row: Kept) -> str:
    """Since when a row is as it is, as a form keeps it: what was shown when it was opened."""
    return row.kept_since.isoformat() if row.kept_since else ""


@contextmanager
def _kept(
    row: Kept, verb: str, *, by: Actor, at: datetime, reason: str, known: str | None = None, **facts: Any
) -> Iterator[Kept]:
    """The row, locked, to be changed by the body; then judged, saved and journaled. Gives the caller's own row what was saved."""
    _refuse_others(by)
    with transaction.atomic():
        wait_for_other_loads()
        kept: Kept = locked(row)
        if known is not None and known != state(kept):
            words = _("Somebody has changed it since you opened this page. Look at it again.")
            raise Refused("changed_since", words)
        before = entries.snapshot(kept)
        kept.kept_since = at
        yield kept
        if kept.kept_since is not None and not kept.own:
            kept.file_says = _file_says(before, kept)
        _refuse_unfit(kept)
        kept.save()
        entries.record(
            kept, verb, by=by, at=at, reason=reason, before=before, after=entries.snapshot(kept), **facts
        )
    for field in kept._meta.concrete_fields:
        setattr(row, field.attname, getattr(kept, field.attname))


def _file_says(before: Snapshot, kept: Kept) -> dict[str, Any]:
    """What the file says otherwise: a column it was not known to differ in was the file's until now."""
    now = _plain({name: value for name, value in entries.snapshot(kept).items() if name not in OURS})
    filed = _plain(before) | before["file_says"]
    return {name: filed[name] for name, value in now.items() if filed[name] != value}


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As they are stored in JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return plain


def _refuse_others(by: Actor) -> None:
    if not may_keep(by):
        raise Refused(NOT_ALLOWED, _("A coordinator keeps the customs rules."))


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")


def _refuse_unfit(row: Kept) -> None:
    try:
        row.clean_fields(exclude=OURS)
    except ValidationError as wrong:
        field, reasons = next(iter(wrong.message_dict.items()))
        raise Refused(keeping.BAD, reasons[0], field=field) from wrong
    known = Known(
        frozenset(Product.objects.values_list("code", flat=True)),
        frozenset(CertificateKind.objects.values_list("code", flat=True)),
    )
    _raise(keeping.unfit(row, known))


def _raise(refused: Refused | None) -> None:
    if refused is not None:
        raise refused
