"""Permission to edit customs rules and reliefs by hand, and validation of their values.

Pure functions that return a refusal or None.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.reference_rows import Confidence
from procurement.catalogue.rules.sources import ReliabilityReason, reliability_reason
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.moves import first_refusal

COUNTRY_CODE_PATTERN = re.compile(r"[A-Z]{2}")
HS_NUMBER_PATTERN = re.compile(r"[0-9]{2,10}")
RULE_CODE_PATTERN = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
DOCUMENT_CODE_PATTERN = re.compile(r"[A-Z0-9_]{2,30}")
WEB_ADDRESS_PATTERN = re.compile(r"https?://\S+")
URL_SCHEME_PATTERN = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S")
MAX_SOURCE_LENGTH = 600
TRANSLATED_STEMS = ("name", "why", "condition")
INVALID_RULE_ERROR_CODE = "bad_rule"

type MaintainedRule = CustomsRule | DutyRelief


@dataclass(frozen=True)
class KnownCodes:
    """Codes of products and of certificate types that a rule may name."""

    products: Collection[str]
    certificate_types: Collection[str]


def may_edit_rules(by: Actor, thing: object = None) -> bool:
    """Return True for a coordinator of some cities or of the network.

    It may be any coordinator, because the rules apply to all cities.
    """
    return by.may(Power.EDIT_CUSTOMS_RULES, thing)


def invalid_rule_refusal(row: MaintainedRule, known: KnownCodes) -> Refused | None:
    """Return the refusal for the first invalid value of a row, with its field; None if the row is valid."""
    own = _rule_faults(row, known) if isinstance(row, CustomsRule) else _relief_faults(row)
    return first_refusal((*_faults(row), *own))


def invalid_source_refusal(source: str, field: str = "source") -> Refused | None:
    """Return a refusal unless the source is a web address or the name of a document."""
    words = source.strip()
    fine = bool(words) and len(words) <= MAX_SOURCE_LENGTH
    if fine and (WEB_ADDRESS_PATTERN.fullmatch(words) or not URL_SCHEME_PATTERN.match(words)):
        return None
    return Refused(
        INVALID_RULE_ERROR_CODE, _("Enter a link (https://…) or the name of a document."), field=field
    )


def future_source_day_refusal(seen_on: date | None, today: date) -> Refused | None:
    """Return a refusal if a rule was seen in force on a future day.

    Applies only to values entered by hand: the reference files may be newer than the time on a practice site.
    """
    late = seen_on is not None and seen_on > today
    return _fault(late, "seen_on", _("Enter a date that is not in the future."))


def invalid_code_refusal(code: str) -> Refused | None:
    """Return a refusal unless the code consists of capital letters, digits and hyphens."""
    words = _("Enter a code of 3 to 40 capital letters, digits and hyphens, such as CA-I-PERMIT.")
    return (
        None if RULE_CODE_PATTERN.fullmatch(code) else Refused(INVALID_RULE_ERROR_CODE, words, field="code")
    )


def _fault(wrong: bool, field: str, words: LazyText) -> Refused | None:
    return Refused(INVALID_RULE_ERROR_CODE, words, field=field) if wrong else None


def _faults(row: MaintainedRule) -> Iterable[Refused | None]:
    """Yield the refusals that apply to rules and reliefs alike."""
    for stem in TRANSLATED_STEMS:
        yield from _in_three_languages(row, stem)
    early = bool(row.valid_from and row.valid_to and row.valid_to < row.valid_from)
    yield _fault(early, "valid_to", _("The end date cannot be before the start date."))
    sourced = row.confidence in {Confidence.RELIABLE, Confidence.WEAK}
    words = _("Add a source, or choose “No source” as the confidence level.")
    yield _fault(sourced and not row.source_urls, "source_urls", words)
    for source in row.source_urls:
        yield invalid_source_refusal(source, "source_urls")


def _in_three_languages(row: MaintainedRule, stem: str) -> Iterable[Refused | None]:
    columns = [f"{stem}_{language}" for language in ("en", "fr", "zh")]
    texts: dict[str, str] = {column: getattr(row, column) for column in columns if hasattr(row, column)}
    wanted = stem == "name" or any(text.strip() for text in texts.values())
    for field, text in texts.items():
        yield _fault(wanted and not text.strip(), field, _("Enter the text in all three languages."))


def _all_fit(values: Iterable[str], fits: Callable[[str], object]) -> bool:
    return all(fits(value) for value in values)


def _rule_faults(rule: CustomsRule, known: KnownCodes) -> Iterable[Refused | None]:
    yield _fault(
        not DOCUMENT_CODE_PATTERN.fullmatch(rule.document_code),
        "document_code",
        _("Enter a document code of capital letters and digits."),
    )
    for field in ("origin", "destination"):
        end = getattr(rule, field)
        words = _("Enter two capital letters, such as CN, CA or EU, or leave blank for any country.")
        yield _fault(bool(end) and not COUNTRY_CODE_PATTERN.fullmatch(end), field, words)
    same = bool(rule.origin) and rule.origin == rule.destination
    yield _fault(
        same,
        "destination",
        _("Choose two different countries. Goods that stay in one country do not go through customs."),
    )
    yield _fault(
        not _all_fit(rule.hs_numbers, HS_NUMBER_PATTERN.fullmatch),
        "hs_numbers",
        _("Enter two to ten digits for each code."),
    )
    goods = _all_fit(rule.products, known.products.__contains__)
    yield _fault(not goods, "products", _("Enter product codes from the catalogue."))
    kinds = _all_fit(rule.satisfied_by, known.certificate_types.__contains__)
    yield _fault(not kinds, "satisfied_by", _("Enter certificate type codes from the catalogue."))
    if rule.effect == CustomsRule.Effect.BLOCKS:
        words = _("Only a rule with a reliable source can block. Other rules only warn.")
        yield _fault(rule.confidence != Confidence.RELIABLE, "effect", words)
        yield unsupported_block_refusal(rule, "source_urls")
        yield _fault(
            rule.valid_from is None,
            "valid_from",
            _("Enter the date from which this blocking rule is in force."),
        )


def unsupported_block_refusal(rule: CustomsRule, field: str) -> Refused | None:
    """Return a refusal if the sources of a rule are too weak to block, even if it is marked as reliable."""
    words = _(
        "A rule can block only if an official text or two independent sources support it. Add a source, "
        "or set the rule to warn only."
    )
    return _fault(reliability_reason(rule) is ReliabilityReason.NONE, field, words)


def _relief_faults(relief: DutyRelief) -> Iterable[Refused | None]:
    words = _("Enter two capital letters, such as CA, US, JP or EU.")
    yield _fault(not COUNTRY_CODE_PATTERN.fullmatch(relief.country), "country", words)
    yield _fault(not relief.basis.strip(), "basis", _("Enter the legal basis."))
    nothing = not (relief.relieves_duty or relief.relieves_tax)
    yield _fault(nothing, "relieves_duty", _("Choose customs duty, sales tax or both."))
    yield _fault(
        not _all_fit(relief.hs_numbers, HS_NUMBER_PATTERN.fullmatch),
        "hs_numbers",
        _("Enter two to ten digits for each code."),
    )
