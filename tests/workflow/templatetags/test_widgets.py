"""Widgets written in Python equal those of Django's own templates, apart from line breaks between options."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from workflow.http.forms import FormRenderer

CHOICES: list[Any] = [
    ("", gettext_lazy("Today")),
    ("a&b", "Chen & <b>陈晓岚</b>"),
    ("Cities", [(1, mark_safe("<i>Guangzhou</i>")), (2500, 2500)]),
    ("<Others>", [(None, "None")]),
]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput({"class": 'x"y', "maxlength": 4000, "required": True, "disabled": False}), "<'&\">"),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.NumberInput({"min": 0}), 1234567),
    (forms.HiddenInput(), mark_safe("a&amp;b")),
    (forms.CheckboxInput({"class": "form-check-input"}), True),
    (forms.CheckboxInput(), "yes"),
    (forms.PasswordInput(), "secret"),
    (forms.Select({"class": "form-select"}, CHOICES), "a&b"),
    (forms.Select(choices=CHOICES), 2500),
    (forms.SelectMultiple(choices=CHOICES), ["1", "2500"]),
]


def without_breaks(html: str) -> str:
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", html))


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("index", range(len(WIDGETS)))
def test_widget_equals_widget_of_django_templates(index: int, language: str) -> None:
    widget, value = WIDGETS[index]
    ours = widget.render("goods", value, {"id": "id_goods"}, FormRenderer())
    theirs = widget.render("goods", value, {"id": "id_goods"}, DjangoTemplates())
    assert without_breaks(ours) == without_breaks(theirs)
