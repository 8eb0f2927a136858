"""Formats and check digits of certificate numbers and company numbers. Pure functions.

A well-formed number proves nothing, because forgers copy real numbers. A malformed number is a reason to
ask.
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

from procurement.catalogue.lazy_texts import lazy_filled_text
from procurement.catalogue.models.certificates import CertificateType
from workflow.errors import LazyText
from workflow.search import to_simplified_chinese


class NumberOutcome(StrEnum):
    """Result of checking the format of a number."""

    OK = "ok"
    MALFORMED = "malformed"
    NO_FORMAT = "no_format"  # the certificate type has no known format


@dataclass(frozen=True)
class NumberAssessment:
    """Cleaned number, its format result and the reason.

    `is_check_digit_valid` is None if the certificate type has no check digit or the check did not reach it. `is_format_reliable` is
    False if the format is from memory or its row is weak: then a malformed number only warns and never blocks an offer.
    """

    outcome: NumberOutcome
    number: str
    reason: LazyText
    is_check_digit_valid: bool | None = None
    is_format_reliable: bool = True

    @property
    def is_acceptable(self) -> bool:
        """True unless the number is malformed. Also True if there is no known format."""
        return self.outcome is not NumberOutcome.MALFORMED

    @property
    def is_blocking(self) -> bool:
        """True if the number is malformed by a firm format. This alone is enough to block the offer."""
        return self.outcome is NumberOutcome.MALFORMED and self.is_format_reliable


@dataclass(frozen=True)
class DeviceNumber:
    """Parts of a Chinese device registration number, such as 粤械注准2020214NNNN."""

    province: str  # ISO 3166-2, or "CN" for the national authority
    origin_character: str  # 准 made in China, 进 imported, 许 from Hong Kong, Macao or Taiwan
    year: int
    device_class: str
    product_group: (
        str  # 14: injection, nursing and protection; 64: the same in the catalogue before 2018; 40: reagents
    )

    @property
    def has_wrong_issuing_office(self) -> bool:
        """True if a province issued the number although only the national authority may.

        The national authority registers class III devices and all devices from abroad.
        """
        return self.province != NATIONAL_AUTHORITY_CODE and (
            self.device_class == "3" or self.origin_character != "准"
        )


NATIONAL_AUTHORITY_CODE = "CN"  # a registration of the national authority names no province
PROTECTIVE_PRODUCT_GROUPS = frozenset(
    {"14", "64"}
)  # the product groups of masks, respirators, gowns and coveralls
PROVINCE_CODES = {
    "京": "CN-BJ", "津": "CN-TJ", "冀": "CN-HE", "晋": "CN-SX", "蒙": "CN-NM", "辽": "CN-LN", "吉": "CN-JL", "黑": "CN-HL",
    "沪": "CN-SH", "苏": "CN-JS", "浙": "CN-ZJ", "皖": "CN-AH", "闽": "CN-FJ", "赣": "CN-JX", "鲁": "CN-SD", "豫": "CN-HA",
    "鄂": "CN-HB", "湘": "CN-HN", "粤": "CN-GD", "桂": "CN-GX", "琼": "CN-HI", "渝": "CN-CQ", "川": "CN-SC", "贵": "CN-GZ",
    "云": "CN-YN", "藏": "CN-XZ", "陕": "CN-SN", "甘": "CN-GS", "青": "CN-QH", "宁": "CN-NX", "新": "CN-XJ", "国": "CN",
}  # fmt: skip
# The format of a filing number is from memory: province, often the city, year and a running number.
FILING_NUMBER_PATTERN = re.compile(r"(.)[\u4e00-\u9fa5]{0,2}械备(\d{4})\d{4}号?")
DEVICE_NUMBER_PATTERN = re.compile(r"(.)械注(准|进|许)(\d{4})([23])(\d{2})\d{4}")
USCC_LENGTH = 18
USCC_PATTERN = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
# Accreditation number of a laboratory after the body's usual name: CNAS L3068, A2LA 3072.01, D-PL-12021-01-00.
ACCREDITATION_NUMBER_PATTERN = re.compile(
    r"^\s*(?:(?:CNAS|A2LA|UKAS|KOLAS|IAS|ANAB|NVLAP|SCC|ACCREDIA|COFRAC|ENAC|RVA|HOKLAS|NATA|DAKKS|ILAC|SAC|JAB)"
    r"[ -]*(?:(?:NO|TL|L|KT|LAB)[ .:-]*)?[0-9][0-9.-]*|D-PL-[0-9-]+)(?=[^0-9A-Z]|$)"
)
LITERAL_DASH_PATTERN = re.compile(
    r"(\[[^\]]*\])|-"
)  # a dash in brackets is a range, or one of several characters
DASH_TRANSLATION_TABLE = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))


# Labels that people write before any number, and before numbers of one certificate type; both are ignored.
_LABELS = (
    r"NO|NR|NUM(?:BER|ERO)?|N°|#|CERT(?:IFICATE)?|REG(?:ISTRATION)?|LICEN[CS]E"
    r"|统一社会信用代码|医疗器械|注册证书?|备案凭证|证书|许可证|备案|编号|号"
)
_LABELS_BY_TYPE = {
    "US_510K": r"|510\(?K\)?|FDA",
    "US_NIOSH": "|NIOSH",
    "CA_MDL": "|MDL",
    "CA_MDEL": "|MDEL",
    "CA_NPN_DIN": "|NPN|DIN-?HM|DIN",
}


def normalize_number(number: str) -> str:
    """Return the number in the form used for comparison.

    Folds full-width characters, simplifies Chinese characters, unifies dashes, converts to upper case, and
    removes spaces and invisible characters.
    """
    folded = (
        to_simplified_chinese(unicodedata.normalize("NFKC", number)).translate(DASH_TRANSLATION_TABLE).upper()
    )
    return "".join(char for char in "".join(folded.split()) if unicodedata.category(char) != "Cf")


def strip_label(number_text: str, kind: str = "") -> str:
    """Return the number without the label around it.

    Examples of labels: "510(k) K203161", "注册证编号：粤械注准…号".
    """
    label = rf"^(?:(?:{_LABELS}{_LABELS_BY_TYPE.get(kind, '')})[.:#°-]*)+(?=.{{4}})"
    return re.sub(label, "", number_text).removesuffix("号") or number_text


def matches_format(expression: str, number_text: str) -> bool:
    """Return True if the number matches the expression. Missing or additional dashes are accepted."""
    if re.fullmatch(expression, number_text, re.IGNORECASE):
        return True
    dashless = LITERAL_DASH_PATTERN.sub(lambda found: found[1] or "", expression)
    return bool(re.fullmatch(dashless, number_text.replace("-", ""), re.IGNORECASE))


def assess_number(kind: CertificateType, number: str) -> NumberAssessment:
    """Check the format of a number of a certificate type, then its check digit."""
    number_text = normalize_number(number)
    firm = kind.is_reliable and not kind.is_unsourced("number_regex")
    if not kind.number_regex:
        return NumberAssessment(
            NumberOutcome.NO_FORMAT,
            number_text,
            _("Numbers of this type have no fixed format."),
            is_format_reliable=firm,
        )
    written = _without_report(kind, number)
    if not matches_format(kind.number_regex, written):
        written = number_text = strip_label(written, kind.code)
    if not matches_format(kind.number_regex, written):
        return NumberAssessment(
            NumberOutcome.MALFORMED,
            number_text,
            _malformed_message(kind, number_text),
            is_format_reliable=firm,
        )
    check = CHECK_DIGIT_TESTS.get(kind.check_digit)
    if check is None:
        return NumberAssessment(
            NumberOutcome.OK,
            number_text,
            _("The number has the correct format, but this alone proves nothing."),
            is_format_reliable=firm,
        )
    firm = firm and not kind.is_unsourced("check_digit")
    if not check(number_text):
        words = _("The check digit is incorrect. A character was mistyped, or the number was made up.")
        return NumberAssessment(
            NumberOutcome.MALFORMED, number_text, words, is_check_digit_valid=False, is_format_reliable=firm
        )
    words = _("The number has the correct format and check digit, but this alone proves nothing.")
    return NumberAssessment(
        NumberOutcome.OK, number_text, words, is_check_digit_valid=True, is_format_reliable=firm
    )


def report_number(kind: CertificateType, number: str) -> str:
    """Return the test report's own number, or an empty string.

    Only for certificate types whose number names a laboratory: the report's number is the text after the
    accreditation number. Compare reports by the whole number, since two laboratories may use the same one.
    """
    if kind.number_names != CertificateType.NumberSubject.LABORATORY:
        return ""
    number_text = unicodedata.normalize("NFKC", number).translate(DASH_TRANSLATION_TABLE).upper()
    return ACCREDITATION_NUMBER_PATTERN.sub("", number_text).strip(" ,;:/|-·()")


def _without_report(kind: CertificateType, number: str) -> str:
    """Return the number to check against the format.

    If a report number follows a laboratory's accreditation number, return only the accreditation number.
    """
    report = report_number(kind, number)
    accredited = ACCREDITATION_NUMBER_PATTERN.match(
        unicodedata.normalize("NFKC", number).translate(DASH_TRANSLATION_TABLE).upper()
    )
    return (
        normalize_number(accredited[0]).strip(",;:/|-·()")
        if report and accredited
        else normalize_number(number)
    )


def parse_device_number(number: str) -> DeviceNumber | None:
    """Return the parts of a Chinese registration number of a class II or III device, or None.

    A province other than the factory's, or a product group other than the goods', is a reason to ask.
    """
    found = DEVICE_NUMBER_PATTERN.fullmatch(strip_label(normalize_number(number)).replace("-", ""))
    if found is None or found[1] not in PROVINCE_CODES:
        return None
    return DeviceNumber(PROVINCE_CODES[found[1]], found[2], int(found[3]), found[4], found[5])


def issuing_province(number: str) -> str:
    """Return the region whose office issued a Chinese registration or filing number.

    The province by ISO 3166-2, "CN" for the national authority, or "" if the number has no such form.
    """
    number_text = strip_label(normalize_number(number)).replace("-", "")
    found = DEVICE_NUMBER_PATTERN.fullmatch(number_text) or FILING_NUMBER_PATTERN.fullmatch(number_text)
    return PROVINCE_CODES.get(found[1], "") if found else ""


def chinese_device_class(kind: str, number: str) -> str:
    """Return the device class of a Chinese certificate, or an empty string.

    A filing is for class I; a registration number contains class II or III.
    """
    if kind == "CN_NMPA_FILING":
        return "I"
    parsed = parse_device_number(number) if kind == "CN_NMPA_REG" else None
    return {"2": "II", "3": "III"}.get(parsed.device_class, "") if parsed else ""


def uscc_fault(number: str) -> str:
    """Return the fault of a Chinese company number: "" (none), "length", "characters" or "check_digit".

    Characters 3 to 8 are the digits of the region. The others are digits or letters except I, O, S, V and Z.
    The check digit is mod 31 with weights 3^i (GB 32100-2015). The format is our own, because python-stdnum,
    which computes the check digit, accepts only digits for the first two characters.
    """
    key = "".join(char for char in strip_label(normalize_number(number)) if char.isalnum())
    if len(key) != USCC_LENGTH:
        return "length"
    if not USCC_PATTERN.fullmatch(key):
        return "characters"
    return "" if key[-1] == uscc.calc_check_digit(key) else "check_digit"


def _malformed_message(kind: CertificateType, number_text: str) -> LazyText:
    """Return the sentence for a malformed number, as exact as the certificate type allows."""
    if not number_text:
        return _("The number is missing.")
    if kind.check_digit == CertificateType.CheckDigitMethod.USCC:
        return _malformed_uscc_message(number_text)
    if kind.number_hint:
        return lazy_filled_text(_("The number should look like %(hint)s."), hint=kind.number_hint)
    return _("The number does not have the correct format for its type.")


def _malformed_uscc_message(number_text: str) -> LazyText:
    if len(number_text) != USCC_LENGTH:
        return lazy_filled_text(
            _("A unified social credit code has 18 characters; this one has %(length)s."),
            length=len(number_text),
        )
    strange = sorted(set(number_text) & set("IOSVZ"))
    if strange:
        words = _(
            "A unified social credit code never contains the letters I, O, S, V or Z; this one "
            "contains %(letters)s."
        )
        return lazy_filled_text(words, letters=", ".join(strange))
    return _(
        "Characters 3 to 8 of a unified social credit code are digits; the others are digits or letters."
    )


def _is_valid(validate: Callable[[str], str], number: str) -> bool:
    try:
        validate(number)
    except stdnum_errors.ValidationError:
        return False
    return True


CHECK_DIGIT_TESTS: dict[str, Callable[[str], bool]] = {
    CertificateType.CheckDigitMethod.USCC: lambda number: not uscc_fault(number),
    CertificateType.CheckDigitMethod.CA_BN: lambda number: _is_valid(bn.validate, number),
}
