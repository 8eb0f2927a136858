"""Features of goods that decide whether they are the ones asked for, read from words in English, French and Chinese. Pure."""

import re
from enum import StrEnum

from workflow.search import fold


class Feature(StrEnum):
    """A feature that words may name."""

    STRAPS = "straps"
    LOOPS = "loops"
    VALVE = "valve"
    NO_VALVE = "no_valve"
    STERILE = "sterile"
    NOT_STERILE = "not_sterile"
    CHILDREN = "children"


# Of each pair goods have one: who asks for the first is not served by the second, and the other way round.
PAIRS = (
    (Feature.STRAPS, Feature.LOOPS),
    (Feature.VALVE, Feature.NO_VALVE),
    (Feature.STERILE, Feature.NOT_STERILE),
)
COUNTERFEIT = (
    Feature.LOOPS,
    Feature.CHILDREN,
)  # on what NIOSH approved (facts/products.csv RESP_N95, facts/fraud.md case 20)
_ASIDE = re.compile(
    r"ear[- ]?loop (?:extender|saver|hook|adjuster)s?|(?:no|without|not|instead of) (?:an? |any )?ear[- ]?loops?"
    r"|sans (?:boucles?|elastiques?) d.oreilles?|(?:非|无|不是)耳[挂带]式?|耳[挂带]调节扣"
)
_WORDS: dict[Feature, re.Pattern[str]] = {
    Feature.STRAPS: re.compile(
        r"\bhead[- ]?(?:straps?|bands?|harness)\b|\b(?:sangles?|brides?|elastiques?) (?:de|a la) tete|头[带戴]式?"
    ),
    Feature.LOOPS: re.compile(r"\bear[- ]?loops?\b|\b(?:boucles?|elastiques?) d.oreilles?|耳[挂带]式?"),
    Feature.NO_VALVE: re.compile(
        r"\b(?:no|non|without)[- ]?(?:exhalation )?valved?s?\b|\bunvalved\b|\bsans (?:soupape|valve)|无(?:呼吸|呼气)?阀"
    ),
    Feature.VALVE: re.compile(r"\bvalved?s?\b|\bsoupape|(?:带|有|含)?(?:呼吸|呼气)阀"),
    Feature.NOT_STERILE: re.compile(
        r"\b(?:non|not|un)[- ]?sterile\b|\bnon steriles?\b|(?:非|未)(?:无菌|灭菌)"
    ),
    Feature.STERILE: re.compile(r"\bsteriles?\b|\bsterilized\b|无菌|灭菌"),
    Feature.CHILDREN: re.compile(
        r"\bfor (?:children|kids)\b|\b(?:kids|children)(?:'s|’s)? (?:size|n95)|\bpour enfants?\b|儿童"
    ),
}


def features_in(*texts: str) -> set[Feature]:
    """The features that words name; what holds ear loops back, or the word that there are none, is no ear loop."""
    text = _ASIDE.sub(" ", fold("\n".join(texts)))
    found = set()
    for feature, words in _WORDS.items():
        if words.search(text):
            found.add(feature)
            text = words.sub(" ", text)
    return found


def contradictions(asked: set[Feature], offered: set[Feature]) -> list[tuple[Feature, Feature]]:
    """What was asked for and what is offered instead; nothing where the offer names both, or neither."""
    found = []
    for one, other in (*PAIRS, *((second, first) for first, second in PAIRS)):
        if one in asked and other not in asked and other in offered and one not in offered:
            found.append((one, other))
    return found


def counterfeit_signs(offered: set[Feature]) -> list[Feature]:
    """The features by which counterfeits of NIOSH's respirators give themselves away."""
    return [
        one
        for one in COUNTERFEIT
        if one in offered and not (one is Feature.LOOPS and Feature.STRAPS in offered)
    ]
