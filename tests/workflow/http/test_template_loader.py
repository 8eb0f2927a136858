"""Template loader: constant parts are rendered once for each language, and everything else as before."""

import pytest
from django.conf import settings
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import NodeList
from django.template.loader import get_template
from django.utils import translation

from workflow.http import template_loader
from workflow.http.template_loader import ConstantNode, fold_constants

TEMPLATES = [
    str(path.relative_to(folder))
    for folder in settings.TEMPLATES[0]["DIRS"]
    for path in sorted(folder.rglob("*.html"))
]


def folded(text):
    template = engines["django"].from_string(text).template
    fold_constants(template.nodelist)
    return template


def kinds(nodes):
    """Return the nodes of a list whose output varies, with those of the lists inside them."""
    return [
        (type(node).__name__, [kinds(inner) for inner in template_loader._lists_in(node)])
        for node in nodes
        if not isinstance(node, (ConstantNode, *template_loader.EMPTY_NODES))
        and not template_loader.is_constant(node)
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{% load i18n %}{% translate "Needs" %}',
        '{% load i18n %}<b>{% translate "Search" context "button" %}</b> {% icon "bell" %}{# no comment #}',
        '{% load i18n %}{% for n in numbers %}{% if n %}{% translate "City" %}: {% icon "sun" _("Needs") %}{% endif %}{% endfor %}',
        "{% load i18n %}{% blocktranslate trimmed %} Your supply runs out {% endblocktranslate %}{{ numbers }}",
        '{% mark "overdue" %}{% mark "stale" "<b>" %}',
        '{% load static %}<img src="{% static "pictures/mark.svg" %}" alt=""><a href="{% url "needs" %}">{{ words }}</a>',
        '{% load i18n %}{% autoescape off %}{% translate "Needs" %}{{ words }}{% endautoescape %}{{ words }}',
        '{% load i18n %}{% language "fr-ca" %}{% translate "Needs" %}{% endlanguage %}{% translate "Needs" %}',
    ],
)
def test_folded_template_has_same_output_in_every_language(text):
    template = folded(text)
    for _turn in range(2):
        for language in ("en", "fr-ca", "zh-hans", "en"):
            with translation.override(language):
                values = {"numbers": [1, 0, 2], "words": "<i>"}
                assert template.render(Context(values)) == engines["django"].from_string(text).render(values)


@pytest.mark.parametrize(
    "text",
    [
        "{% load i18n %}{% translate label %}",
        '{% load i18n %}{% translate "Needs" as label %}',
        '{% load i18n %}{% translate "Needs"|upper %}',
        "{% load i18n %}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate asvar words %}Needs{% endblocktranslate %}",
        "{% icon name %}",
        '{% icon "bell" as bell %}',
        '{% load static %}{% static name %}{% static "pictures/mark.svg" as mark %}',
        '{% url name %}{% url "needs" as needs %}{% url "need" name %}{% url "need" reference=name %}',
        "{{ name }}",
    ],
)
def test_parts_that_depend_on_the_context_are_not_folded(text):
    assert not [node for node in folded(text).nodelist if isinstance(node, ConstantNode)]


def test_constant_parts_are_rendered_once_for_each_language():
    [node] = folded('{% load i18n %}<p>{% translate "Needs" %}</p>{% icon "bell" %}').nodelist
    for language in ("en", "fr-ca", "en", "fr-ca"):
        with translation.override(language):
            node.render(Context())
    assert sorted(node.texts) == [("en", True), ("fr-ca", True)]


def test_every_template_of_the_product_keeps_its_varying_parts():
    options = {name: value for name, value in settings.TEMPLATES[0]["OPTIONS"].items() if name != "loaders"}
    folders = settings.TEMPLATES[0]["DIRS"]
    plain = DjangoTemplates({"NAME": "plain", "DIRS": folders, "APP_DIRS": True, "OPTIONS": options}).engine
    folded_somewhere = 0
    for name in TEMPLATES:
        ours, theirs = get_template(name).template.nodelist, plain.get_template(name).nodelist
        assert isinstance(ours, NodeList)
        assert kinds(ours) == kinds(theirs), name
        folded_somewhere += any(isinstance(node, ConstantNode) for node in ours)
    assert folded_somewhere > 50
