"""Authority of a certifying body to sign a certificate: act, scope, module and day.

Pure functions on loaded rows. A four-digit number beside CE proves nothing alone, and most of the known
issuers of worthless certificates have no number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.lazy_texts import lazy_filled_text, lazy_translated_text
from procurement.catalogue.models.certificates import NotifiedBody
from workflow.errors import LazyText
from workflow.search import fold_text

ACTS_NOT_FOR_PPE = frozenset({NotifiedBody.LegalAct.OTHER, NotifiedBody.LegalAct.NONE})
LEGAL_FORMS = frozenset(
    {"co", "ltd", "limited", "inc", "srl", "spa", "sp", "z", "oo", "gmbh", "company", "unipersonale"}
)
# Words in the names of many bodies, which do not identify one.
COMMON_WORDS = frozenset(
    {
        "and",
        "certification",
        "detect",
        "inspection",
        "product",
        "services",
        "technical",
        "technology",
        "testing",
    }
    | {"guangzhou", "shanghai", "shenzhen"}
)
MIN_DISTINCTIVE_LETTERS = (
    5  # letters of a one-word name that identifies a body beside other words: "CELAB Srl, Latina"
)
# Certificates of Regulation (EU) 2016/425 by module, and the types that only a body under that act may sign.
MODULE_CHOICES = [(one, one) for one in ("B", "C2", "D")]
MODULE_BY_CERTIFICATE_TYPE = {"EU_PPE_B": "B", "EU_PPE_C2": "C2", "EU_PPE_D": "D"}
PPE_CERTIFICATE_TYPES = frozenset({*MODULE_BY_CERTIFICATE_TYPE, "EU_DOC_PPE", "EU_VOLUNTARY"})
# The number after CE can also be that of an act (CE 2017/745) or the year of the certificate.
_NOT_PART_OF_ACT = r"(?![0-9])(?!(?<=[1-9][0-9]{3})\s?/\s?[0-9])"
_WORDS_BEFORE_BODY_NUMBER = (
    r"[\s.:_/(-]{0,3}(?:(?:mark(?:ing|ed)?|certified|numbers?|no|nr|n|n°|n\.o|numero|marquage|id|on|nb|编?号码?|代码|机构|认证|标[志识])"
    r"[\s.:()°#-]*){0,2}"
)
BODY_NUMBER_PATTERN = re.compile(
    rf"(?<![a-z])ce[\s:_-]{{0,3}}([0-9]{{4}}){_NOT_PART_OF_ACT}"
    r"|(?:(?<![a-z])(?:ce|nb)|\bnotified body|\borganisme notifie|\borganismo notifica(?:t|d)o|\bbenannte stelle|公告机构)"
    rf"{_WORDS_BEFORE_BODY_NUMBER}([0-9]{{4}}){_NOT_PART_OF_ACT}"
)
YEAR_PATTERN = re.compile(r"20(?:19|2[0-9])")  # after a word, more likely a year than a body's number
FOUR_DIGITS = re.compile(r"[0-9]{4}")
UNCERTAIN_SOURCE_QUALITIES = frozenset(
    {NotifiedBody.SourceQuality.NUMBER_AND_NAME_ONLY, NotifiedBody.SourceQuality.NO_SOURCE}
)


class BodyResult(TextChoices):
    """Result for a certifying body under one act, for a scope, a module and a day."""

    NOTIFIED = "holds", _("Notified for these goods")
    TO_CHECK = "to_check", _("To be checked in NANDO")
    UNKNOWN = "unknown", _("Not on our list")
    NOT_NOTIFIED = "refused", _("Not notified for these goods")


class CertificationScope(StrEnum):
    """Goods that a notified body certifies: respirators or others."""

    RESPIRATORS = "respirators"
    OTHER = "other"


@dataclass(frozen=True)
class BodyVerdict:
    """Verdict on a certifying body, with the reason and its row in our list of notified bodies.

    `note` is the remark that the source of our list adds to the body's name. `is_reliable`: the verdict rests on a reliable
    source.
    """

    outcome: BodyResult
    reason: LazyText
    body: NotifiedBody | None = None
    note: LazyText = ""
    is_reliable: bool = False

    @property
    def is_blocking(self) -> bool:
        """True if this alone makes the certificate worthless.

        This is so if the body is refused and the verdict is firm.
        """
        return self.outcome is BodyResult.NOT_NOTIFIED and self.is_reliable

    @property
    def needs_review(self) -> bool:
        """True if a person has to review the body: it is not surely notified, or our list has a warning on it."""
        watched = self.body is not None and self.body.status == NotifiedBody.Status.LISTED_WITH_WARNING
        return self.outcome is not BodyResult.NOTIFIED or watched


def notified_body_verdict(
    number: str,
    *,
    act: str,
    scope: CertificationScope,
    module: str,
    on: date,
    bodies: Iterable[NotifiedBody],
    known_on: date | None = None,
) -> BodyVerdict:
    """Return the verdict on the body with this four-digit number.

    The body must be notified for the act, the scope, the module and the day of the signature. `module` is B, C2
    or D; if a good source names no modules, the reason only mentions that. Example: 2163 could sign for
    respirators until 2021-05-30, and not after. `known_on` is the day of the reader: notes published later are
    left out. It defaults to the day of the signature.
    """
    body = next((one for one in bodies if one.number and one.number == number), None)
    if body is None:
        return BodyVerdict(BodyResult.UNKNOWN, _("This number is not on our list. Look it up in NANDO."))
    return body_verdict(body, act=act, scope=scope, module=module, on=on, known_on=known_on)


def body_verdict(
    body: NotifiedBody,
    *,
    act: str,
    scope: CertificationScope,
    module: str,
    on: date,
    known_on: date | None = None,
) -> BodyVerdict:
    """Return the verdict on a body of our list, as `notified_body_verdict` does.

    Works for bodies without a number as well.
    """
    outcome, reason = _assess_body(body, act, scope, module, on)
    values = body.note_from is None or body.note_from <= (known_on or on)
    return BodyVerdict(
        outcome,
        reason,
        body,
        lazy_translated_text(body, "note", known_on or on) if values else "",
        is_reliable=body.source_quality not in UNCERTAIN_SOURCE_QUALITIES,
    )


def body_number_shown(issuer: str, number_key: str) -> str:
    """Return the notified body number that a certificate shows, or an empty string.

    Reads the issuer's text ("CE 2703"), else the certificate's own number if that is only four digits.
    """
    return body_number_in_text(issuer) or (number_key if FOUR_DIGITS.fullmatch(number_key) else "")


def body_number_in_text(text: str) -> str:
    """Return the first number of a notified body in a text, or an empty string.

    The number follows the CE mark or words for a notified body.
    """
    for found in BODY_NUMBER_PATTERN.finditer(fold_text(text)):
        number: str = next(filter(None, found.groups()))
        if found[1] or not YEAR_PATTERN.fullmatch(number):
            return number
    return ""


def has_complete_modules(modules: Iterable[str]) -> bool:
    """Return True if the certificates cover the design (module B) and the production (C2 or D)."""
    shown = set(modules)
    return "B" in shown and bool(shown & {"C2", "D"})


def unnotified_body(
    name: str, *, scope: CertificationScope, bodies: Iterable[NotifiedBody]
) -> NotifiedBody | None:
    """Return the body of that name that is not notified for protective equipment or the scope, or None.

    Most such bodies have no number, so only the name on the letterhead identifies them.
    """
    words = _name_words(name)
    respirators = scope is CertificationScope.RESPIRATORS
    refused = (
        body
        for body in bodies
        if body.act in ACTS_NOT_FOR_PPE or (respirators and _not_for_respirators(body))
    )
    return next((body for body in refused if _shows_listed_name(words, body.name)), None)


AUTHORIZATION_ENDED = _("This body was authorized to certify until %(day)s, but not after that date.")


def _assess_body(
    body: NotifiedBody, act: str, scope: CertificationScope, module: str, on: date
) -> tuple[BodyResult, LazyText]:
    """Return the first doubt that applies, refusals before questions; without a doubt the body holds."""
    respirators = scope is CertificationScope.RESPIRATORS
    concerned = respirators or not body.ended_for_respirators_only
    ended = concerned and body.valid_to is not None and on > body.valid_to
    wrong_module = bool(body.modules) and module not in body.modules
    unsure = body.status == NotifiedBody.Status.TO_CHECK or (
        not body.modules and body.source_quality in UNCERTAIN_SOURCE_QUALITIES
    )
    until = body.valid_to.isoformat() if body.valid_to else ""
    no, look = BodyResult.NOT_NOTIFIED, BodyResult.TO_CHECK
    doubts: list[tuple[bool, BodyResult, LazyText]] = [
        (body.act in ACTS_NOT_FOR_PPE, no, _("This body is not notified for protective equipment.")),
        (
            respirators and body.respirators == NotifiedBody.RespiratorScope.EXCLUDES_RESPIRATORS,
            no,
            _("This body is not notified for respirators."),
        ),
        (ended, no, lazy_filled_text(AUTHORIZATION_ENDED, day=until)),
        (act != body.act, look, _("Our list has no information on this body under that legislation.")),
        (
            bool(module) and wrong_module and not body.is_unsourced("modules"),
            no,
            _("This body is not notified for that module."),
        ),
        (
            respirators and body.respirators == NotifiedBody.RespiratorScope.UNKNOWN,
            look,
            _("It is not known whether this body is authorized to certify respirators."),
        ),
        (wrong_module or unsure, look, _("The number and the name match. Look up the module in NANDO.")),
    ]
    found = next(((outcome, reason) for holds, outcome, reason in doubts if holds), None)
    if found is None and not body.modules:
        return BodyResult.NOTIFIED, _(
            "The legislation, scope and date match. Our list names no modules for this body: look "
            "up its module in NANDO."
        )
    return found or (BodyResult.NOTIFIED, _("The legislation, scope, module and date match."))


def _not_for_respirators(body: NotifiedBody) -> bool:
    return (
        body.status == NotifiedBody.Status.NOT_RECOGNIZED
        and body.respirators == NotifiedBody.RespiratorScope.EXCLUDES_RESPIRATORS
    )


def _name_words(name: str) -> frozenset[str]:
    """Return the folded words of a company's name without its legal form."""
    plain = "".join(char if char.isalnum() else " " for char in fold_text(name).replace(".", ""))
    return frozenset(plain.split()) - LEGAL_FORMS


def _shows_listed_name(words: frozenset[str], listed: str) -> bool:
    """Return True if a letterhead shows a listed name.

    A listed name may have a short and a long form: "CIC - Shenzhen CIC Testing Technology". A form of several
    words may have other words beside it. A form of one word must be the whole letterhead, because ITC is also
    the name of an honest body. A letterhead may mix words of the forms if it has all the distinctive ones:
    "ITC Shenzhen". If the listed name is a single long word, other words may be beside it.
    """
    forms = [_name_words(part) for part in re.split(r" - |[()]", listed)]
    every = frozenset[str]().union(*forms)
    if len(every) == 1 and every <= words and max(map(len, every)) >= MIN_DISTINCTIVE_LETTERS:
        return True
    return any(_matches_name_form(words, form, every) for form in forms if form)


def _matches_name_form(words: frozenset[str], form: frozenset[str], every: frozenset[str]) -> bool:
    own = form - COMMON_WORDS
    whole = form == words or (len(form) > 1 and form <= words)
    return whole or (len(words) > 1 and bool(own) and own <= words <= every)
