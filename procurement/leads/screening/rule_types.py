"""Types of screening rules: `ScreeningRule` with its rationale, numbers, sources and remedy.

In each module, a rule is defined just above the function that raises its findings. A rule without an explanation or
a source is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import formats

from procurement.leads.screening.offer_data import BLOCK, CertificateData, FindingData
from workflow.errors import LazyText
from workflow.i18n import LocalizedCount


@dataclass(frozen=True)
class Rationale:
    """Reason why a rule blocks, warns or only notes. `may_block`: the reason is strong enough to block."""

    text: LazyText
    may_block: bool = False


@dataclass(frozen=True)
class Remedy:
    """Remedy: the step that settles a finding.

    `refusal`: says why no answer lifts the finding, "" if an answer does. `subject_figure_name`: the placeholder in the refusal
    for the name of the thing that the finding is about, "" without one.
    """

    text: LazyText
    refusal: LazyText = ""
    subject_figure_name: str = ""


@dataclass(frozen=True)
class Source:
    """Source of a rule: its description, and its public address if it has one."""

    description: LazyText
    url: str = ""

    @property
    def host(self) -> str:
        """Host name of the address, as shown in a link."""
        return urlsplit(self.url).netloc.removeprefix("www.")


@dataclass(frozen=True)
class RuleNumber:
    """Number of a rule: its label, and the value of the constant that the rule itself uses."""

    label: LazyText
    value: int | Decimal | str

    @property
    def formatted_value(self) -> str:
        """Value in the reader's number format."""
        if isinstance(self.value, Decimal):
            places = -int(self.value.as_tuple().exponent)
            return formats.number_format(self.value, decimal_pos=places, use_l10n=True)
        return str(LocalizedCount(self.value)) if isinstance(self.value, int) else self.value


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """Rule with its explanation. `code`: its anchor on the rules page. `further_sentences`: further sentences there.

    Raises ValueError if it does not say what it looks at, or names no source.
    """

    code: str
    description: LazyText
    rationale: Rationale
    remedy: Remedy
    sources: Sequence[Source]
    numbers: Sequence[RuleNumber] = ()
    further_sentences: Sequence[LazyText] = ()

    def __post_init__(self) -> None:
        if _is_blank(self.description):
            raise ValueError(f"The rule {self.code} does not say what it looks at.")
        if not self.sources:
            raise ValueError(f"The rule {self.code} names no source.")


@dataclass(frozen=True, kw_only=True, eq=False)
class ScreeningRule(Rule):
    """Rule that raises findings, with the code and the words of its findings.

    `severities`: those its findings may have, the strongest first. Raises ValueError without severities or
    words. Also raises it if a rule may block although its rationale has no `may_block`, or the reverse (ADR 80).
    """

    severities: Sequence[str]
    message: LazyText

    def __post_init__(self) -> None:
        super().__post_init__()
        if _is_blank(self.message):
            raise ValueError(f"The rule {self.code} has no words for its findings.")
        if not self.severities:
            raise ValueError(f"The rule {self.code} does not say whether its findings block, warn or note.")
        if (BLOCK in self.severities) != self.rationale.may_block:
            raise ValueError(f"The rationale of the rule {self.code} does not fit its severities.")

    def finding(
        self, severity: str = "", *, subject: str = "", source: str = "", unsure: str = "", **figures: Any
    ) -> FindingData:
        """Return a finding of the rule with these figures, with its weakest severity if none is given.

        `subject`: the thing that the finding is about, which separates several findings of one rule. `source`: the
        source on which the finding rests. `unsure`: the code for why it only warns; a finding that
        blocks is not unsure. Raises ValueError for a severity that the rule does not have.
        """
        given = severity or self.severities[-1]
        if given not in self.severities:
            raise ValueError(f"A finding of the rule {self.code} cannot have the severity {given}.")
        return FindingData(
            code=self.code,
            severity=given,
            subject=subject,
            figures=figures,
            source=source,
            downgrade_reason="" if given == BLOCK else unsure,
        )

    def certificate_finding(
        self,
        certificate: CertificateData,
        severity: str = "",
        *,
        source: str = "",
        unsure: str = "",
        **figures: Any,
    ) -> FindingData:
        """Return a finding about a certificate, which it names. The other arguments are those of `finding`."""
        named = {"kind": certificate.kind, "number": certificate.number, **figures}
        return self.finding(severity, subject=certificate.reference, source=source, unsure=unsure, **named)


def codes_of(rules: Sequence[Rule]) -> frozenset[str]:
    """Return the codes of the rules."""
    return frozenset(rule.code for rule in rules)


def _is_blank(words: LazyText) -> bool:
    """Return True for an empty text. Text to translate is not read: no language is set at import."""
    return isinstance(words, str) and not words.strip()
