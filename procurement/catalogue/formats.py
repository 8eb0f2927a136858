"""How the numbers of papers look, and what their check digits say. Pure: a kind's row and a text in, a judgement out.

A well-formed number proves nothing: forgers copy real ones. A malformed one is a question to ask.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from stdnum import exceptions as stdnum_errors
from stdnum.ca import bn
from stdnum.cn import uscc

from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.words import filled
from workflow.errors import Words
from workflow.search import simplified


class Outcome(StrEnum):
    """What may be said of a number by looking at it."""

    OK = "ok"
    MALFORMED = "malformed"
    NO_FORMAT = "no_format"  # this kind has no known form, so there is nothing to judge


@dataclass(frozen=True)
class Judgement:
    """A number as it was read, what it is, and why. `check_digit` is None where the kind has none or it was not reached.

    `firm` is False where the form is from memory or its row is weak: then a malformed number warns and never blocks.
    """

    outcome: Outcome
    number: str
    reason: Words
    check_digit: bool | None = None
    firm: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the number; where there is no form to judge by, nothing does."""
        return self.outcome is not Outcome.MALFORMED

    @property
    def blocks(self) -> bool:
        """Whether this alone stops anything: a number that cannot be, by a form we are sure of."""
        return self.outcome is Outcome.MALFORMED and self.firm


@dataclass(frozen=True)
class DeviceNumber:
    """What a Chinese device registration number says of itself: 粤械注准2020214NNNN."""

    province: str  # ISO 3166-2, or "CN" for the national authority
    route: str  # 准 made in China, 进 imported, 许 from Hong Kong, Macao or Taiwan
    year: int
    device_class: str
    product_group: (
        str  # 14: injection, nursing and protection; 64: the same in the catalogue before 2018; 40: reagents
    )

    @property
    def wrong_office(self) -> bool:
        """Whether a province gave it that gives none such: class III and what comes from abroad is registered nationally."""
        return self.province != NATIONAL and (self.device_class == "3" or self.route != "准")


NATIONAL = "CN"  # a registration of the national authority names no province
PROTECTION = frozenset({"14", "64"})  # the product groups of masks, respirators, gowns and coveralls
PROVINCES = {
    "京": "CN-BJ", "津": "CN-TJ", "冀": "CN-HE", "晋": "CN-SX", "蒙": "CN-NM", "辽": "CN-LN", "吉": "CN-JL", "黑": "CN-HL",
    "沪": "CN-SH", "苏": "CN-JS", "浙": "CN-ZJ", "皖": "CN-AH", "闽": "CN-FJ", "赣": "CN-JX", "鲁": "CN-SD", "豫": "CN-HA",
    "鄂": "CN-HB", "湘": "CN-HN", "粤": "CN-GD", "桂": "CN-GX", "琼": "CN-HI", "渝": "CN-CQ", "川": "CN-SC", "贵": "CN-GZ",
    "云": "CN-YN", "藏": "CN-XZ", "陕": "CN-SN", "甘": "CN-GS", "青": "CN-QH", "宁": "CN-NX", "新": "CN-XJ", "国": "CN",
}  # fmt: skip
# The form of a filing's number is from memory: the province, often the city, the year and a running number.
FILING_NUMBER = re.compile(r"(.)[\u4e00-\u9fa5]{0,2}械备(\d{4})\d{4}号?")
DEVICE_NUMBER = re.compile(r"(.)械注(准|进|许)(\d{4})([23])(\d{2})\d{4}")
USCC_LENGTH = 18
USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
# What a laboratory was accredited under, by the usual names of accreditation bodies: CNAS L3068, A2LA 3072.01, D-PL-12021-01-00.
ACCREDITATION = re.compile(
    r"^\s*(?:(?:CNAS|A2LA|UKAS|KOLAS|IAS|ANAB|NVLAP|SCC|ACCREDIA|COFRAC|ENAC|RVA|HOKLAS|NATA|DAKKS|ILAC|SAC|JAB)"
    r"[ -]*(?:(?:NO|TL|L|KT|LAB)[ .:-]*)?[0-9][0-9.-]*|D-PL-[0-9-]+)(?=[^0-9A-Z]|$)"
)
LITERAL_DASH = re.compile(r"(\[[^\]]*\])|-")  # a dash in brackets is a range, or one of several characters
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))


# Words that people write before a number, and before those of one kind: it is no worse for them.
_SAID = (
    r"NO|NR|NUM(?:BER|ERO)?|N°|#|CERT(?:IFICATE)?|REG(?:ISTRATION)?|LICEN[CS]E"
    r"|统一社会信用代码|医疗器械|注册证书?|备案凭证|证书|许可证|备案|编号|号"
)
_SAID_OF = {
    "US_510K": r"|510\(?K\)?|FDA",
    "US_NIOSH": "|NIOSH",
    "CA_MDL": "|MDL",
    "CA_MDEL": "|MDEL",
    "CA_NPN_DIN": "|NPN|DIN-?HM|DIN",
}


def clean(number: str) -> str:
    """The number as it is compared: full-width forms folded, simplified characters, dashes alike, upper case, without spaces and
    invisible characters.
    """
    folded = simplified(unicodedata.normalize("NFKC", number)).translate(DASHES).upper()
    return "".join(char for char in "".join(folded.split()) if unicodedata.category(char) != "Cf")


def unlabelled(read: str, kind: str = "") -> str:
    """A number as it was read, without the words around it that only say what it is: "510(k) K203161", "注册证编号：粤械注准…号"."""
    label = rf"^(?:(?:{_SAID}{_SAID_OF.get(kind, '')})[.:#°-]*)+(?=.{{4}})"
    return re.sub(label, "", read).removesuffix("号") or read


def has_form(expression: str, read: str) -> bool:
    """Whether a number as it was read has a form. Dashes left out or put in are forgiven: people type them as they like."""
    if re.fullmatch(expression, read, re.IGNORECASE):
        return True
    dashless = LITERAL_DASH.sub(lambda found: found[1] or "", expression)
    return bool(re.fullmatch(dashless, read.replace("-", ""), re.IGNORECASE))


def judge_number(kind: CertificateKind, number: str) -> Judgement:
    """Whether a number can be one of its kind: its form first, then its check digit."""
    read = clean(number)
    firm = kind.is_firm and not kind.remembered("number_regex")
    if not kind.number_regex:
        return Judgement(Outcome.NO_FORMAT, read, _("Numbers of this kind have no fixed form."), firm=firm)
    written = _without_report(kind, number)
    if not has_form(kind.number_regex, written):
        written = read = unlabelled(written, kind.code)
    if not has_form(kind.number_regex, written):
        return Judgement(Outcome.MALFORMED, read, _misshapen(kind, read), firm=firm)
    check = CHECKS.get(kind.check_digit)
    if check is None:
        return Judgement(
            Outcome.OK, read, _("The number has the right form. That alone proves nothing."), firm=firm
        )
    firm = firm and not kind.remembered("check_digit")
    if not check(read):
        words = _("The check digit does not fit: a character is mistyped, or the number was made up.")
        return Judgement(Outcome.MALFORMED, read, words, check_digit=False, firm=firm)
    words = _("The number has the right form and its check digit fits. That alone proves nothing.")
    return Judgement(Outcome.OK, read, words, check_digit=True, firm=firm)


def report_number(kind: CertificateKind, number: str) -> str:
    """The report's own number, of kinds whose number names a laboratory: what is written behind the accreditation's; "" if nothing is.

    Two laboratories may number alike, so reports are compared by the whole.
    """
    if kind.number_names != CertificateKind.NumberNames.LABORATORY:
        return ""
    read = unicodedata.normalize("NFKC", number).translate(DASHES).upper()
    return ACCREDITATION.sub("", read).strip(" ,;:/|-·()")


def _without_report(kind: CertificateKind, number: str) -> str:
    """The number as its form is judged: of a laboratory's, only the accreditation's, where a report's follows it."""
    report = report_number(kind, number)
    accredited = ACCREDITATION.match(unicodedata.normalize("NFKC", number).translate(DASHES).upper())
    return clean(accredited[0]).strip(",;:/|-·()") if report and accredited else clean(number)


def device_number(number: str) -> DeviceNumber | None:
    """What a Chinese registration number of a class II or III device says; None if it is not one.

    A province that is not the factory's, or a product group that is not the goods', is a question to ask.
    """
    found = DEVICE_NUMBER.fullmatch(unlabelled(clean(number)).replace("-", ""))
    if found is None or found[1] not in PROVINCES:
        return None
    return DeviceNumber(PROVINCES[found[1]], found[2], int(found[3]), found[4], found[5])


def office_of(number: str) -> str:
    """The province (ISO 3166-2) whose office gave a Chinese registration or filing number, "CN" for the nation's; "" without one."""
    read = unlabelled(clean(number)).replace("-", "")
    found = DEVICE_NUMBER.fullmatch(read) or FILING_NUMBER.fullmatch(read)
    return PROVINCES.get(found[1], "") if found else ""


def device_class_said(kind: str, number: str) -> str:
    """The class of device a Chinese paper is for: a filing is for class I, a registration number says II or III; else ""."""
    if kind == "CN_NMPA_FILING":
        return "I"
    said = device_number(number) if kind == "CN_NMPA_REG" else None
    return {"2": "II", "3": "III"}.get(said.device_class, "") if said else ""


def uscc_fault(number: str) -> str:
    """What is wrong with a Chinese company number: "" (nothing), "length", "characters" or "check_digit".

    Characters 3 to 8 are the region's digits, the others digits or letters without I, O, S, V and Z; check digit mod 31 with weights
    3^i (GB 32100-2015). The form is our own: python-stdnum, whose check digit it is, takes digits alone for the first two.
    """
    key = "".join(char for char in unlabelled(clean(number)) if char.isalnum())
    if len(key) != USCC_LENGTH:
        return "length"
    if not USCC_FORM.fullmatch(key):
        return "characters"
    return "" if key[-1] == uscc.calc_check_digit(key) else "check_digit"


def _misshapen(kind: CertificateKind, read: str) -> Words:
    """The sentence for a number of the wrong form: as exact as the kind allows."""
    if not read:
        return _("There is no number.")
    if kind.check_digit == CertificateKind.CheckDigit.USCC:
        return _misshapen_uscc(read)
    if kind.number_hint:
        return filled(_("The number should look like %(hint)s."), hint=kind.number_hint)
    return _("The number does not have the form of its kind.")


def _misshapen_uscc(read: str) -> Words:
    if len(read) != USCC_LENGTH:
        return filled(_("A company number has 18 characters; this one has %(length)s."), length=len(read))
    strange = sorted(set(read) & set("IOSVZ"))
    if strange:
        words = _("A company number never holds the letters I, O, S, V or Z; this one has %(letters)s.")
        return filled(words, letters=", ".join(strange))
    return _("Characters 3 to 8 of a company number are digits, the others digits or letters.")


def _fits(validate: Callable[[str], str], number: str) -> bool:
    try:
        validate(number)
    except stdnum_errors.ValidationError:
        return False
    return True


CHECKS: dict[str, Callable[[str], bool]] = {
    CertificateKind.CheckDigit.USCC: lambda number: not uscc_fault(number),
    CertificateKind.CheckDigit.CA_BN: lambda number: _fits(bn.validate, number),
}
