"""Whether a certifying body may sign what it signed: act, scope, module and day. Plain functions of rows already loaded.

A four-digit number beside CE proves nothing alone, and the well-known houses of worthless papers mostly have none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.certificates import NotifiedBody
from procurement.catalogue.words import filled, text_of
from workflow.errors import Words
from workflow.search import fold

NOT_FOR_PPE = frozenset({NotifiedBody.Act.OTHER, NotifiedBody.Act.NONE})
LEGAL_FORMS = frozenset(
    {"co", "ltd", "limited", "inc", "srl", "spa", "sp", "z", "oo", "gmbh", "company", "unipersonale"}
)
# Words in the names of many houses: alone they name none.
COMMON = frozenset(
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
LONG_NAME = 5  # letters of a house that is known by one word, whatever stands beside it: "CELAB Srl, Latina"
# The papers that Regulation (EU) 2016/425 knows, with the module each is of; and those that only a body under it could have signed.
MODULE_CHOICES = [(one, one) for one in ("B", "C2", "D")]
MODULE_OF = {"EU_PPE_B": "B", "EU_PPE_C2": "C2", "EU_PPE_D": "D"}
PPE_KINDS = frozenset({*MODULE_OF, "EU_DOC_PPE", "EU_VOLUNTARY"})
# Behind CE, more may stand than a body's number: an act's, CE 2017/745, or the year of the paper.
_NO_MORE = r"(?![0-9])(?!(?<=[1-9][0-9]{3})\s?/\s?[0-9])"
_LINK = (
    r"[\s.:_/(-]{0,3}(?:(?:mark(?:ing|ed)?|certified|numbers?|no|nr|n|n°|n\.o|numero|marquage|id|on|nb|编?号码?|代码|机构|认证|标[志识])"
    r"[\s.:()°#-]*){0,2}"
)
NUMBER_SAID = re.compile(
    rf"(?<![a-z])ce[\s:_-]{{0,3}}([0-9]{{4}}){_NO_MORE}"
    r"|(?:(?<![a-z])(?:ce|nb)|\bnotified body|\borganisme notifie|\borganismo notifica(?:t|d)o|\bbenannte stelle|公告机构)"
    rf"{_LINK}([0-9]{{4}}){_NO_MORE}"
)
A_YEAR = re.compile(r"20(?:19|2[0-9])")  # behind a word, more likely the year of a paper than a body
BARE_NUMBER = re.compile(r"[0-9]{4}")
UNSURE = frozenset({NotifiedBody.Grade.C, NotifiedBody.Grade.M})


class BodyOutcome(TextChoices):
    """What may be said of a certifying body for one act, scope, module and day."""

    HOLDS = "holds", _("Notified for this")
    TO_CHECK = "to_check", _("To be looked up in NANDO")
    UNKNOWN = "unknown", _("Not in our list")
    REFUSED = "refused", _("Not notified for this")


class Scope(StrEnum):
    """What a notified body is asked about."""

    RESPIRATORS = "respirators"
    OTHER = "other"


@dataclass(frozen=True)
class BodyVerdict:
    """The verdict on a certifying body, why, and the row it rests on. `note` is what our source adds to its name."""

    outcome: BodyOutcome
    reason: Words
    body: NotifiedBody | None = None
    note: Words = ""
    firm: bool = False

    @property
    def blocks(self) -> bool:
        """Whether this alone makes the certificate worthless: refused by an official, secondary or negative list."""
        return self.outcome is BodyOutcome.REFUSED and self.firm

    @property
    def warns(self) -> bool:
        """Whether a person has to look: everything but a body that holds and has no warning beside its name."""
        watched = self.body is not None and self.body.standing == NotifiedBody.Standing.WATCHED
        return self.outcome is not BodyOutcome.HOLDS or watched


def notified_body_verdict(
    number: str,
    *,
    act: str,
    scope: Scope,
    module: str,
    on: date,
    bodies: Iterable[NotifiedBody],
    known_on: date | None = None,
) -> BodyVerdict:
    """Whether the body with this four-digit number may sign under an act, for a scope and a module, on a day.

    All four must hold. `module` is B, C2 or D; where a good source names none, that is said and no more. 2163 could sign for
    respirators until 2021-05-30, and not after. `known_on` is the day of the reader, before which a later note is not told: the day of
    the signature where none is given.
    """
    body = next((one for one in bodies if one.number and one.number == number), None)
    if body is None:
        return BodyVerdict(BodyOutcome.UNKNOWN, _("This number is not in our list: look it up in NANDO."))
    return body_verdict(body, act=act, scope=scope, module=module, on=on, known_on=known_on)


def body_verdict(
    body: NotifiedBody, *, act: str, scope: Scope, module: str, on: date, known_on: date | None = None
) -> BodyVerdict:
    """Whether a body of our list may sign, as `notified_body_verdict`; for the houses that have no number, too."""
    outcome, reason = _judge_body(body, act, scope, module, on)
    told = body.note_from is None or body.note_from <= (known_on or on)
    return BodyVerdict(
        outcome,
        reason,
        body,
        text_of(body, "note", known_on or on) if told else "",
        firm=body.grade not in UNSURE,
    )


def number_said(issuer: str, number_key: str) -> str:
    """The number of a body that a paper names without choosing one: in its letterhead ("CE 2703"), or where its own number is no more
    than that; "" where it names none.
    """
    return ce_number(issuer) or (number_key if BARE_NUMBER.fullmatch(number_key) else "")


def ce_number(text: str) -> str:
    """The number of a notified body that words name, behind the mark or as a body's; "" where they name none."""
    for found in NUMBER_SAID.finditer(fold(text)):
        number: str = next(filter(None, found.groups()))
        if found[1] or not A_YEAR.fullmatch(number):
            return number
    return ""


def modules_complete(modules: Iterable[str]) -> bool:
    """Whether the certificates shown cover both the design (module B) and the production (C2 or D) of protective equipment."""
    shown = set(modules)
    return "B" in shown and bool(shown & {"C2", "D"})


def refused_by_name(name: str, *, scope: Scope, bodies: Iterable[NotifiedBody]) -> NotifiedBody | None:
    """The house not notified for what it signed whose name an issuer bears; None where there is none.

    Many such houses have no number, so a certificate shows them only by its letterhead.
    """
    said = _words(name)
    respirators = scope is Scope.RESPIRATORS
    refused = (
        body for body in bodies if body.act in NOT_FOR_PPE or (respirators and _not_for_respirators(body))
    )
    return next((body for body in refused if _bears(said, body.name)), None)


def _judge_body(
    body: NotifiedBody, act: str, scope: Scope, module: str, on: date
) -> tuple[BodyOutcome, Words]:
    """The first doubt that stands, refusals before questions; without one, it holds."""
    respirators = scope is Scope.RESPIRATORS
    concerned = respirators or not body.only_respirators_ended
    ended = concerned and body.valid_to is not None and on > body.valid_to
    wrong_module = bool(body.modules) and module not in body.modules
    unsure = body.standing == NotifiedBody.Standing.TO_CHECK or (not body.modules and body.grade in UNSURE)
    until = body.valid_to.isoformat() if body.valid_to else ""
    no, look = BodyOutcome.REFUSED, BodyOutcome.TO_CHECK
    doubts: list[tuple[bool, BodyOutcome, Words]] = [
        (body.act in NOT_FOR_PPE, no, _("This body is not notified for protective equipment.")),
        (
            respirators and body.respirators == NotifiedBody.Scope.NO,
            no,
            _("This body is not notified for respirators."),
        ),
        (ended, no, filled(_("This body could sign until %(day)s, and not after."), day=until)),
        (act != body.act, look, _("Our list says nothing of this body under that act.")),
        (
            bool(module) and wrong_module and not body.remembered("modules"),
            no,
            _("This body is not notified for that module."),
        ),
        (
            respirators and body.respirators == NotifiedBody.Scope.UNKNOWN,
            look,
            _("Whether this body may sign for respirators is not known."),
        ),
        (
            wrong_module or unsure,
            look,
            _("The number and the name fit; the module is to be looked up in NANDO."),
        ),
    ]
    found = next(((outcome, reason) for stands, outcome, reason in doubts if stands), None)
    if found is None and not body.modules:
        return BodyOutcome.HOLDS, _(
            "Act, scope and day hold. Our list names no modules for this body: look its module up in NANDO."
        )
    return found or (BodyOutcome.HOLDS, _("Act, scope, module and day hold."))


def _not_for_respirators(body: NotifiedBody) -> bool:
    return body.standing == NotifiedBody.Standing.REFUSED and body.respirators == NotifiedBody.Scope.NO


def _words(name: str) -> frozenset[str]:
    """The words of a company's name, folded, without its legal form."""
    plain = "".join(char if char.isalnum() else " " for char in fold(name).replace(".", ""))
    return frozenset(plain.split()) - LEGAL_FORMS


def _bears(said: frozenset[str], listed: str) -> bool:
    """Whether a letterhead bears a listed name: its short or its long form, "CIC - Shenzhen CIC Testing Technology", or words of both
    with all that is the house's own, "ITC Shenzhen".

    A form of one word must be the whole letterhead: ITC is also the name of an honest body. Where the house has no other name and
    that is long, it may stand beside other words.
    """
    forms = [_words(part) for part in re.split(r" - |[()]", listed)]
    every = frozenset[str]().union(*forms)
    if len(every) == 1 and every <= said and max(map(len, every)) >= LONG_NAME:
        return True
    return any(_says(said, form, every) for form in forms if form)


def _says(said: frozenset[str], form: frozenset[str], every: frozenset[str]) -> bool:
    own = form - COMMON
    whole = form == said or (len(form) > 1 and form <= said)
    return whole or (len(said) > 1 and bool(own) and own <= said <= every)
