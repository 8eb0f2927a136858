"""What was looked at on a paper, rule by rule: what holds, what is doubtful, what is not known; on what ground, from which source.

The doubtful ones are the findings themselves, so that the list and the findings cannot differ. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.papers_shown import Paper
from procurement.leads.screening.values import Found, Offer
from procurement.suppliers.models.issuer_check import IssuerCheck
from workflow.errors import Words


class Outcome(StrEnum):
    """What may be said of a paper by one rule."""

    HOLDS = "holds"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One thing that is looked at: its words, the findings that speak against it, when it is known, and why it is not."""

    code: str
    words: Words
    against: frozenset[str]
    known: Callable[[Paper, Offer], bool]
    holds: Words
    unknown: Words
    source: Callable[[Paper], str] = lambda paper: ""


@dataclass(frozen=True)
class Look:
    """One rule's answer about one paper. `holds` are the words of a rule that found nothing, `found` what it found."""

    rule: Rule
    outcome: Outcome
    ground: Words = ""
    why: dict[str, Any] | None = None
    found: Sequence[Found] = field(default_factory=tuple)
    source: str = ""


def looked_at(paper: Paper, offer: Offer, found: Sequence[Found]) -> list[Look]:
    """Every rule about a paper of an offer, in the order a reader should meet them. `found` is what screening says of the offer."""
    mine = [one for one in found if one.subject == paper.reference or one.code in OF_ALL]
    return [_look(rule, paper, offer, [one for one in mine if one.code in rule.against]) for rule in RULES]


def _look(rule: Rule, paper: Paper, offer: Offer, found: Sequence[Found]) -> Look:
    if found:
        source = " ".join(dict.fromkeys(one.source for one in found if one.source))
        return Look(rule, Outcome.DOUBTFUL, found=found, source=source)
    if rule.known(paper, offer):
        why = {"worth": paper.worth, "body": paper.body_holds}.get(rule.code)
        return Look(rule, Outcome.HOLDS, rule.holds, why=why, source=rule.source(paper))
    return Look(rule, Outcome.UNKNOWN, rule.unknown)


OF_ALL = frozenset(
    {"certificate_modules", "certificate_two_bodies", "file_elsewhere"}
)  # said of the offer's papers together
RULES = (
    Rule(
        "form",
        _("Form of the number and check digit"),
        frozenset(
            {
                "certificate_malformed",
                "certificate_number_future",
                "certificate_number_office",
                "certificate_number_other_goods",
            }
        ),
        lambda paper, offer: paper.form_known,
        _("The number has the form of its kind. That alone proves nothing."),
        _("Numbers of this kind have no fixed form."),
        lambda paper: paper.form_source,
    ),
    Rule(
        "worth",
        _("What the kind is worth for these goods and this market"),
        frozenset(
            {
                "certificate_declared_by",
                "certificate_importers",
                "certificate_too_low",
                "certificate_worthless",
            }
        ),
        lambda paper, offer: paper.worth is not None,
        _("It counts here."),
        _("Our rules say nothing of this kind for these goods here."),
        lambda paper: paper.source,
    ),
    Rule(
        "body",
        _("Notified body: act, scope, module, day"),
        frozenset(
            {
                "certificate_body",
                "certificate_body_to_check",
                "certificate_body_watched",
                "certificate_class_one",
                "certificate_other_module",
                "certificate_unsigned",
            }
        ),
        lambda paper, offer: bool(paper.module and paper.body),
        _("On the day of the paper the body was notified for this."),
        _("No notified body is named; this kind may need none."),
        lambda paper: paper.body_source,
    ),
    Rule(
        "modules",
        _("Module B, and C2 or D beside it"),
        frozenset({"certificate_modules", "certificate_two_bodies"}),
        lambda paper, offer: bool(paper.module),
        _("The design and the making are both covered, by one body."),
        _("It names no module."),
        lambda paper: paper.form_source,
    ),
    Rule(
        "standard",
        _("Standard, against the offer’s and the line’s"),
        frozenset({"certificate_other_standard", "certificate_not_the_lines"}),
        lambda paper, offer: bool(paper.standards and (offer.offered or offer.asked)),
        _("It names a standard that was offered or asked for."),
        _("It names no standard, or neither the offer nor the line does."),
    ),
    Rule(
        "products",
        _("Products it covers"),
        frozenset(),
        lambda paper, offer: paper.products is not None,
        _("It names these goods."),
        _("It names no goods: it may be for any."),
    ),
    Rule(
        "model",
        _("Models it covers"),
        frozenset({"certificate_other_model"}),
        lambda paper, offer: paper.covers is True,
        _("It covers the offered model."),
        _("It names no model, or the offer does not."),
    ),
    Rule(
        "holder",
        _("Holder, against the seller"),
        frozenset(
            {
                "certificate_holder",
                "certificate_holder_unread",
                "certificate_makers",
                "certificate_not_lent",
                "certificate_other_manufacturer",
                "certificate_province",
            }
        ),
        lambda paper, offer: bool(paper.holder_said),
        _("It is in the name of the company, or a letter of its holder was shown."),
        _("Its holder was not written down."),
    ),
    Rule(
        "end",
        _("End, as of the day the goods come"),
        frozenset(
            {
                "certificate_expired",
                "certificate_ends_on_the_way",
                "certificate_holds_too_long",
                "certificate_no_end",
                "certificate_long_ago",
            }
        ),
        lambda paper, offer: paper.ends is not None,
        _("It still holds when the goods come."),
        _("It names no end, and we know of none for its kind."),
    ),
    Rule(
        "days",
        _("Days that cannot be"),
        frozenset({"certificate_future", "certificate_before_number", "certificate_before_company"}),
        lambda paper, offer: paper.issued is not None,
        _("Its day of issue contradicts nothing that is known."),
        _("Its day of issue was not written down."),
    ),
    Rule(
        "number",
        _("The same number at another company, or for another model"),
        frozenset({"certificate_elsewhere", "certificate_report_open", "report_two_models"}),
        lambda paper, offer: any(char.isalnum() for char in paper.number) and not paper.number_is_anothers,
        _("No other company here claims this number."),
        _(
            "It has no number, or the number is that of a laboratory, a notified body or a company, which many may show."
        ),
    ),
    Rule(
        "file",
        _("The same file at another company"),
        frozenset({"file_elsewhere"}),
        lambda paper, offer: offer.files > 0,
        _("No file of this company was shown for another one (SHA-256)."),
        _("No file was brought yet."),
    ),
    Rule(
        "issuer",
        _("What its issuer says"),
        frozenset({"certificate_doubted", "issuer_denies", "issuer_asked_long_ago"}),
        lambda paper, offer: paper.asked_result == IssuerCheck.Result.CONFIRMS,
        _("Its issuer confirmed it."),
        _("Its issuer was not asked yet."),
    ),
)
