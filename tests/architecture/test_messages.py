"""Every message is translated in both catalogues, with its placeholders and the right punctuation."""

import io
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from tests.architecture.same_translations import SAME, WITHOUT_HAN
from tests.architecture.sources import ROOT, modules, name

LANGUAGES = ("fr", "zh_Hans")
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
FOREIGN = re.compile(
    r"\b(somebody|nobody|whoever|anew|stands?|(is|are|was|were) told|begun|hoped for|by now|in spite of|all the same|e-mails?"
    r"|gifts?|hard upon|it concerns|goes by|told of|became of)\b",
    re.IGNORECASE,
)
ONE, MANY, IN_CONTEXT, MANY_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), MANY),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), IN_CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), MANY_IN_CONTEXT),
}
type Key = tuple[str, str]


@cache
def catalogue(language: str) -> Catalog:
    """Return a catalogue of locale/, parsed from its source."""
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def messages(language: str) -> tuple[Message, ...]:
    """Return every message except the header."""
    return tuple(message for message in catalogue(language) if message.id)


def singular(message: Message) -> str:
    """Return the source in its singular form."""
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Yield each form of the translation with the source text whose placeholders it must have."""
    if isinstance(message.id, list | tuple):
        for text in message.string:
            yield str(message.id[1]), str(text)
    else:
        yield str(message.id), str(message.string)


def messages_in_python(source: str) -> Iterator[Key]:
    """Yield the messages in Python source, as (context, source)."""
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    for _line, text, _comments, context in found:
        yield context or "", str(text[0] if isinstance(text, tuple) else text)


def messages_in_template(source: str) -> Iterator[Key]:
    """Yield the messages in a template, as (context, source)."""
    # `templatize` keeps the indentation of the template, which is invalid Python.
    lines = (line.strip() for line in templatize(source).splitlines())
    yield from messages_in_python("\n".join(lines))


@cache
def messages_in_product() -> dict[Key, str]:
    """Return every message of the apps and templates, with one file that contains it."""
    found: dict[Key, str] = {}
    for path in modules():
        found |= dict.fromkeys(messages_in_python(path.read_text(encoding="utf-8")), name(path))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found |= dict.fromkeys(messages_in_template(path.read_text(encoding="utf-8")), name(path))
    return found


def test_no_message_contains_unprofessional_word():
    wrong = {text for _context, text in messages_in_product() if FOREIGN.search(PLACEHOLDER.sub("", text))}
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_catalogue_contains_exactly_the_messages_in_use(language):
    known = {(message.context or "", singular(message)) for message in messages(language)}
    missing = {key: file for key, file in messages_in_product().items() if key not in known}
    assert not missing, "`make messages` gathers them"
    assert not known - messages_in_product().keys(), "`make messages` drops them"


def test_message_extraction_finds_messages_in_python_and_templates():
    assert list(messages_in_python('_("a")\nngettext("b", "c", n)\npgettext_lazy("d", "e")')) == [
        ("", "a"),
        ("", "b"),
        ("d", "e"),
    ]
    page = '{% translate "a" %}\n  {% blocktranslate trimmed with x=y %}b {{ x }}{% endblocktranslate %}'
    assert list(messages_in_template("{% load i18n %}" + page)) == [("", "a"), ("", "b %(x)s")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_fuzzy(language):
    assert not [singular(message) for message in messages(language) if message.fuzzy]
    assert not [
        source for message in messages(language) for source, text in forms(message) if not text.strip()
    ]


@pytest.mark.parametrize(
    ("language", "plurals"), [("fr", ("2", "(n > 1)")), ("zh_Hans", ("1", "0"))], ids=LANGUAGES
)
def test_plural_forms_in_catalogue_are_those_of_language(language, plurals):
    heading = catalogue(language)
    assert (str(heading.num_plurals), heading.plural_expr) == plurals
    several = [message for message in messages(language) if isinstance(message.id, list | tuple)]
    assert several
    assert {len(message.string) for message in several} == {int(plurals[0])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_placeholders_of_its_source(language):
    wrong = [
        (source, text)
        for message in messages(language)
        for source, text in forms(message)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_paragraph_breaks_of_its_source(language):
    pairs = [pair for message in messages(language) for pair in forms(message)]
    assert not [text for _source, text in pairs if "\\" in text], "a line break that was escaped twice"
    assert not [text for source, text in pairs if ("\n\n" in source) != ("\n\n" in text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_equal_to_source_is_listed_with_reason(language):
    same = {source for message in messages(language) for source, text in forms(message) if source == text}
    assert not same - SAME[language], "translate these, or say in same_translations.py why not"
    assert not SAME[language] - same, "these are translated: take them off the list"


def test_chinese_translations_contain_chinese_characters():
    without = {
        source
        for message in messages("zh_Hans")
        for source, text in forms(message)
        if not HAN.search(PLACEHOLDER.sub("", text))
    }
    assert without == WITHOUT_HAN


def test_chinese_translations_use_chinese_punctuation():
    beside = re.compile(
        r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]|[\u4e00-\u9fff] [\u4e00-\u9fff]|，$"
    )
    assert not [
        text for message in messages("zh_Hans") for _source, text in forms(message) if beside.search(text)
    ]


def test_french_translations_use_canadian_french_punctuation():
    wrong = re.compile(r"[ \u00a0\u202f][;!?]|(?<!\u00a0):(?!\d|//)|« | »|(?<=\w)'(?=\w)|\d %")
    assert not [text for message in messages("fr") for _source, text in forms(message) if wrong.search(text)]


@pytest.mark.parametrize(("code", "said"), [("fr-ca", "Ce champ est obligatoire."), ("zh-hans", "必填")])
def test_form_error_messages_are_in_language_of_user(code, said):
    with translation.override(code):
        assert said in translation.gettext("This field is required.")
        assert translation.gettext("Enter a whole number.") != "Enter a whole number."
        assert translation.gettext("Sign in") != "Sign in"
