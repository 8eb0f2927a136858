"""Facts about customs in 2020 and today, one row for each, for the test of the shipped rules.

A row names a document, a route and a day, with the expected effect: the document blocks, only warns (and
why), or is not required. The number at the start of a row is the section of the collected facts from which it
comes. "Today" is the day on which the facts were collected.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

MARCH, EASTER, APRIL, MAY = date(2020, 3, 25), date(2020, 4, 5), date(2020, 4, 15), date(2020, 5, 1)
TODAY = date(2026, 11, 25)
BLOCKS, ABSENT = "blocks", "absent"  # or why it only warns: warns, unconfirmed, memory, days, weak, goods


class Fact(NamedTuple):
    """Expected effect of a document for goods on a route and a day."""

    section: str
    document_code: str
    on: date
    said: str
    goods: str = "MASK_SURG"
    use: str = "medical"
    acquisition_type: str = "purchase"
    lane: str = "CN>CA"
    receiver: str = "municipality"
    mode: str = "air"
    side: str = "export"
    rule: str = ""  # the row behind the effect, where another row has the same effect


def by_days(section: str, document_code: str, said: str, **where: str) -> Iterator[Fact]:
    """Yield the effect of a document on the five days, from five words separated by spaces."""
    for on, one in zip((MARCH, EASTER, APRIL, MAY, TODAY), said.split(), strict=True):
        yield Fact(section, document_code, on, one, **where)


# Medical masks, respirators, gowns, gloves and goggles: no special rule before April; Announcement 5 since
# 1 April, 53 since 10 April, 12 since 26 April; today the inspection is "not confirmed since 2020", and 5 and 12 have ended.
MEDICAL_FIVE = ("MASK_MED", "MASK_SURG", "RESP_GB19083", "RESP_N95_SURG", "COVERALL")
EVERY_GOOD = (
    *MEDICAL_FIVE, "RESP_N95", "RESP_KN95", "GOWN_ISO_L2", "GOWN_SURG", "GLOVE_EXAM_NITRILE", "GLOVE_EXAM_VINYL", "GOGGLES",
)  # fmt: skip
INSPECTED = {
    **dict.fromkeys(MEDICAL_FIVE, "blocks"),
    **dict.fromkeys(("RESP_N95", "GOWN_SURG", "GLOVE_EXAM_NITRILE", "GLOVE_EXAM_VINYL", "GOGGLES"), "blocks"),
    "RESP_KN95": "goods",  # its ten-digit code is from memory
    "GOWN_ISO_L2": "weak",  # only where it is classified as protective clothing
}


def of_every_good() -> Iterator[Fact]:
    """Yield the same facts for each product."""
    for goods in EVERY_GOOD:
        five = goods in MEDICAL_FIVE
        weak = goods == "RESP_N95"
        registered = "blocks blocks blocks" if five else "weak weak weak" if weak else "absent absent absent"
        for document_code in ("DECL5", "NMPA"):
            yield from by_days("1.1", document_code, f"absent {registered} absent", goods=goods)
        found = INSPECTED[goods]
        yield from by_days("1.1", "CN_CIQ_INSP", f"absent absent {found} {found} unconfirmed", goods=goods)
        yield from by_days("1.1", "JOINT12", "absent absent absent absent absent", goods=goods)
        yield from by_days("1.1", "TEST", "absent weak weak weak unconfirmed", goods=goods)
        yield from by_days("1.3", "EXPDECL", "blocks blocks blocks blocks blocks", goods=goods)
        for document_code in ("INV", "PKL", "AWB"):
            yield from by_days("1.3", document_code, "weak weak weak weak weak", goods=goods)
        yield from by_days("1.1", "CN_LICENCE", "warns warns warns warns warns", goods=goods)
        yield from by_days("1.1", "CN_CUSTOMS_REG", "warns warns warns warns warns", goods=goods)
        yield from by_days("1.3", "POA_CN", "memory memory memory memory memory", goods=goods)
        yield from into_canada(goods)


def into_canada(goods: str) -> Iterator[Fact]:
    """Yield the facts on the importer, licences by device class, accounting and gifts."""
    coverall = goods == "COVERALL"  # its class in Canada is from memory
    where = {"goods": goods, "side": "import"}
    licence = "goods goods goods goods goods" if coverall else "blocks blocks blocks blocks blocks"
    yield from by_days("3.1", "MDEL", licence, **where)
    glove = goods.startswith("GLOVE")
    yield from by_days("3.1", "MDL", " ".join(["blocks" if glove else "absent"] * 5), **where)
    yield from by_days("3.1", "CA_BN_RM", "blocks blocks blocks blocks blocks", **where)
    yield from by_days("3.1", "CARM", "absent absent absent absent blocks", **where)
    yield from by_days("3.1", "ACCOUNTING", "warns warns warns warns warns", **where)
    yield from by_days("3.1", "RELEASE", "blocks blocks blocks blocks blocks", **where)
    yield from by_days("3.1", "URGENT", "absent warns warns warns unconfirmed", **where)
    yield from by_days("3.1", "ACI", "memory memory memory memory memory", **where)
    yield from by_days("3.3", "VALUE", "absent absent absent absent absent", **where)
    gift = where | {"acquisition_type": "donation"}
    yield from by_days("3.2", "VALUE", "absent blocks blocks blocks blocks", **gift)


def of_the_list() -> Iterator[Fact]:
    """Yield the facts of section 1.2, the nineteen lines of the export list of Announcement 53.

    There, 63079000 90 means shoe covers only.
    """
    listed = {
        "THERMO_IR": BLOCKS, "VENT_ICU": BLOCKS, "CAP_BOUFFANT": BLOCKS, "GLOVE_EXAM_LATEX": BLOCKS, "GLOVE_SURG": BLOCKS,
        "SHOE_COVER": BLOCKS, "OXIMETER": BLOCKS, "WIPES": BLOCKS, "SANITISER": BLOCKS,
        "RESP_FFP2": ABSENT, "RESP_FFP3": ABSENT, "MASK_NONMED": ABSENT, "FACE_SHIELD": ABSENT, "TEST_PCR": ABSENT,
    }  # fmt: skip
    for goods, said in listed.items():
        yield Fact("1.2", "CN_CIQ_INSP", date(2020, 4, 9), ABSENT, goods=goods)
        yield Fact("1.2", "CN_CIQ_INSP", date(2020, 4, 10), said, goods=goods)
    for goods in ("GOGGLES", "GLOVE_SURG", "COVERALL", "CAP_BOUFFANT"):
        yield Fact("1.2", "CN_CIQ_INSP", APRIL, "weak", goods=goods, use="non_medical")
    yield Fact("1.2", "CN_CIQ_INSP", APRIL, ABSENT, goods="RESP_KN95", use="non_medical")


def of_announcement_12() -> Iterator[Fact]:
    """Yield the facts of sections 1.1 and 1.4 on non-medical masks under Announcement 12.

    The importer signs, a hospital cannot, and gifts are not exempt.
    """
    first, before, over = date(2020, 4, 26), date(2020, 4, 25), date(2023, 8, 18)
    for goods in ("MASK_NONMED", "RESP_KN95", "RESP_FFP2", "RESP_N95"):
        where = {"goods": goods, "use": "non_medical"}
        for acquisition_type in ("purchase", "donation"):
            yield Fact("1.1", "JOINT12", before, ABSENT, acquisition_type=acquisition_type, **where)
            yield Fact("1.1", "JOINT12", first, BLOCKS, acquisition_type=acquisition_type, **where)
            yield Fact("1.1", "JOINT12", over, ABSENT, acquisition_type=acquisition_type, **where)
        yield Fact("1.1", "WL_NONMED", first, "warns", **where)
        for receiver in ("hospital", "health_authority"):
            yield Fact("1.1", "USE_CONFLICT", before, ABSENT, receiver=receiver, **where)
            yield Fact("1.1", "USE_CONFLICT", first, BLOCKS, receiver=receiver, **where)
            yield Fact(
                "1.1", "USE_CONFLICT", first, BLOCKS, receiver=receiver, acquisition_type="donation", **where
            )
        yield Fact("1.1", "USE_CONFLICT", first, ABSENT, **where)
    yield Fact("1.1", "USE_CONFLICT", first, ABSENT, receiver="hospital")
    yield Fact("1.1", "USE_CONFLICT", first, ABSENT, receiver="hospital", goods="GOGGLES", use="non_medical")
    yield Fact("1.1", "KN95_MEDICAL", APRIL, "weak", goods="RESP_KN95")
    for on, rule in ((before, "CN-X-NMPA"), (first, "CN-X-NMPA-WL")):
        yield Fact("1.1", "NMPA", on, BLOCKS, rule=rule)
    for on, rule in ((before, "CN-X-DECL5"), (first, "CN-X-DECL5-12")):
        yield Fact("1.1", "DECL5", on, BLOCKS, rule=rule)


def of_gifts() -> Iterator[Fact]:
    """Yield the facts of sections 1.4, 1.5 and 3.3 on gifts: the same quality and a true value are required.

    Also the reverse direction, into China in early 2020.
    """
    gift = {"acquisition_type": "donation"}
    yield Fact("1.4", "INV", MARCH, "weak", rule="CN-X-INV-DONATION", **gift)
    yield Fact("1.4", "NMPA", APRIL, BLOCKS, **gift)
    yield Fact("1.4", "GIFT_DECL", MARCH, "warns", **gift)
    yield Fact("1.4", "GIFT_MODE", MARCH, "memory", **gift)
    yield Fact("1.4", "DON", APRIL, "weak", **gift)
    yield Fact("3.3", "DON", APRIL, "weak", side="import", **gift)
    yield Fact("3.3", "CONTRACT_CA", APRIL, ABSENT, side="import", **gift)
    yield Fact("3.3", "CONTRACT_CA", APRIL, "memory", side="import")
    yield Fact("1.1", "GIFT_PARCEL", APRIL, "weak", mode="courier", **gift)
    yield Fact("1.1", "GIFT_PARCEL", APRIL, ABSENT, **gift)
    early = date(2020, 2, 7)
    for document_code in ("CN_QUALITY", "GIFT_INTENT", "GIFT_CONFIRM", "INV", "DUTY_FREE_CN"):
        for goods in ("MASK_SURG", "COVERALL", "GOGGLES"):
            where = {"lane": "CA>CN", "side": "import", "goods": goods}
            yield Fact("1.5", document_code, early, "days", **where, **gift)
            yield Fact("1.5", document_code, TODAY, "unconfirmed", **where, **gift)
            yield Fact("1.5", document_code, early, ABSENT, **where)


def of_transport() -> Iterator[Fact]:
    """Yield the facts of sections 2 and 5: one transport document for each mode; sanitizer is dangerous goods."""
    for mode, document_code, said in (
        ("air", "AWB", "weak"), ("sea", "BL", "weak"), ("rail", "CIM", "memory"), ("courier", "COURIER_AWB", "weak"),
    ):  # fmt: skip
        yield Fact("2", document_code, APRIL, said, mode=mode)
        yield Fact("2", document_code, APRIL, ABSENT, mode="road")
    yield Fact("2", "DGD", APRIL, "memory", goods="SANITISER")
    yield Fact("5", "INSUR", APRIL, "memory")
    yield Fact("5", "PSI", APRIL, "memory")


def of_canada() -> Iterator[Fact]:
    """Yield the facts of sections 3.1 and 3.2 on imports into Canada, by device class and by day."""
    where = {"side": "import"}
    last = date(2024, 10, 20)
    yield Fact("3.1", "ACCOUNTING", last, "warns", rule="CA-I-B3", **where)
    yield Fact("3.1", "ACCOUNTING", date(2024, 10, 21), "warns", rule="CA-I-CAD", **where)
    yield Fact("3.1", "CARM", last, ABSENT, **where)
    yield Fact("3.1", "CARM", date(2024, 10, 21), BLOCKS, **where)
    yield Fact("3.1", "POA_CA", last, "weak", **where)
    yield Fact("3.1", "POA_CA", date(2024, 10, 21), ABSENT, **where)
    for goods, mdel, mdl in (
        ("FACE_SHIELD", BLOCKS, ABSENT), ("GLOVE_SURG", BLOCKS, BLOCKS),
        ("THERMO_IR", "goods", "memory"), ("VENT_ICU", "goods", "memory"), ("TEST_PCR", "goods", ABSENT),
        ("CAP_BOUFFANT", "goods", ABSENT), ("MASK_NONMED", ABSENT, ABSENT), ("SANITISER", ABSENT, ABSENT),
        ("APRON", "goods", ABSENT),
    ):  # fmt: skip
        yield Fact("3.1", "MDEL", APRIL, mdel, goods=goods, **where)
        yield Fact("3.1", "MDL", APRIL, mdl, goods=goods, **where)
        yield Fact("3.1", "MDEL", APRIL, ABSENT, goods=goods, use="non_medical", **where)
    yield Fact("3.1", "NPN_DIN", APRIL, "memory", goods="SANITISER", **where)
    yield Fact("3.1", "LAB_KN95", date(2020, 5, 6), ABSENT, goods="RESP_KN95", **where)
    yield Fact("3.1", "LAB_KN95", date(2020, 5, 7), BLOCKS, goods="RESP_KN95", **where)
    yield Fact("3.2", "NOXIOUS", date(2020, 3, 30), ABSENT, goods="RESP_N95", **where)
    yield Fact("3.2", "NOXIOUS", date(2020, 3, 31), "weak", goods="RESP_N95", **where)
    yield Fact("3.2", "SIMA", APRIL, "memory", **where)
    yield Fact("3.2", "VALUE", date(2020, 3, 30), ABSENT, acquisition_type="donation", **where)
    yield Fact("3.2", "VALUE", date(2020, 3, 31), BLOCKS, acquisition_type="donation", **where)


def of_others() -> Iterator[Fact]:
    """Yield the facts of section 4 on the United States, the European Union and Japan, where nothing blocks."""
    for goods, use, documents in (
        ("MASK_NONMED", "non_medical", "US_GENERAL"), ("RESP_N95", "medical", "US_EUA"), ("TEST_PCR", "medical", "US_EUA"),
        ("GOWN_ISO_L2", "medical", "US_ENFORCE"), ("GLOVE_SURG", "medical", "US_ENFORCE"),
    ):  # fmt: skip
        where = {"goods": goods, "use": use, "lane": "CN>US", "side": "import"}
        yield from by_days("4", documents, "absent absent weak weak unconfirmed", **where)
    yield Fact("4", "US_GENERAL", MAY, ABSENT, lane="CN>US", side="import")
    for country in ("DE", "PL", "FI"):
        where = {"lane": f"CN>{country}", "side": "import"}
        yield Fact("4", "EU_FREE", MAY, "days", **where)
        yield Fact("4", "EU_FREE", TODAY, ABSENT, **where)
        yield Fact("4", "EU_KN95", MAY, "memory", goods="RESP_KN95", **where)
        yield Fact("4", "CE_PPE", MAY, "memory", goods="RESP_FFP2", **where)
        yield Fact("4", "CE_MD", MAY, "memory", **where)
    yield Fact("4", "CE_MD", MAY, ABSENT, lane="CZ>DE", side="import")
    for goods in ("MASK_SURG", "RESP_N95", "GOWN_ISO_L2", "FACE_SHIELD", "GOGGLES"):
        where = {"goods": goods, "lane": "CN>JP", "side": "import"}
        yield Fact("4", "JP_CLAIMS", MAY, "weak", **where)
        yield Fact("4", "PHOTOS_JP", MAY, "weak", **where)
        yield Fact("4", "JP_FREE", MAY, "weak", acquisition_type="donation", **where)
        yield Fact("4", "JP_FREE", MAY, ABSENT, **where)
        yield Fact("4", "JP_CLAIMS", TODAY, "unconfirmed", **where)
    yield Fact("4", "JP_CLAIMS", MAY, ABSENT, goods="GLOVE_SURG", lane="CN>JP", side="import")


FACTS = (
    *of_every_good(), *of_the_list(), *of_announcement_12(), *of_gifts(), *of_transport(), *of_canada(), *of_others(),
)  # fmt: skip
