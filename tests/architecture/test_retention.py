"""docs/retention.md names every field that refers to a person or holds an address or free text."""

import re
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from partners.contacts.models import Contact
from workflow.search import GramsField

ROOMS = ("workflow", "accounts", "partners", "procurement")
PUBLISHED = "procurement.catalogue."  # reference tables from published sources
LONG = 60  # letters; a shorter field without choices holds a code, except these:
SHORT = frozenset(
    {"phone", "wechat", "working_from", "working_until", "away_until", "languages", "time_zone"}
)


def may_be_personal(field: models.Field) -> bool:
    if field.name in SHORT:
        return True
    if field.is_relation:
        return field.related_model in (User, Contact)
    if isinstance(field, GramsField):
        return False  # trigrams of other fields of the row
    if isinstance(field, ArrayField):
        return may_be_personal(field.base_field)
    if isinstance(field, models.TextField | models.JSONField | models.EmailField):
        return True
    return isinstance(field, models.CharField) and not field.choices and (field.max_length or 0) >= LONG


def model_fields() -> set[str]:
    tables = [
        model for room in ROOMS for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    return {
        f"{model._meta.label}.{field.name}"
        for model in tables
        if not model.__module__.startswith(PUBLISHED)
        for field in model._meta.concrete_fields
        if may_be_personal(field)
    }


def page_fields() -> Counter[str]:
    page = (Path(settings.BASE_DIR) / "docs/retention.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \|", page, re.MULTILINE)
    return Counter(f"{model}.{name}" for model, names in rows for name in re.findall(r"`(\w+)`", names))


def test_retention_page_lists_every_personal_field() -> None:
    assert model_fields() - set(page_fields()) == set()


def test_retention_page_lists_no_removed_field() -> None:
    known = {
        f"{model._meta.label}.{field.name}"
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    assert set(page_fields()) - known == set()


def test_retention_page_lists_no_field_twice() -> None:
    assert [name for name, times in page_fields().items() if times > 1] == []
