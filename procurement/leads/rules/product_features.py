"""Features of goods that matter for a match, read from English, French and Chinese words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.search import fold_text


class Feature(StrEnum):
    """Feature of goods that a text may mention."""

    HEAD_STRAPS = "straps"
    EAR_LOOPS = "loops"
    TIES = "ties"
    VALVE = "valve"
    NO_VALVE = "no_valve"
    STERILE = "sterile"
    NOT_STERILE = "not_sterile"
    CHILDREN = "children"
    ADULTS = "adults"


SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
PROTECTION_LEVELS = (1, 2, 3, 4)  # of AAMI PB70 and ASTM F2100: a higher level also meets a lower one
# Goods have only one feature of each pair, so the other one contradicts it.
OPPOSITE_FEATURES = (
    (Feature.HEAD_STRAPS, Feature.EAR_LOOPS),
    (Feature.TIES, Feature.EAR_LOOPS),
    (Feature.VALVE, Feature.NO_VALVE),
    (Feature.STERILE, Feature.NOT_STERILE),
    (Feature.ADULTS, Feature.CHILDREN),
)
_AGE_GROUPS = frozenset({Feature.ADULTS, Feature.CHILDREN})
_STERILITY = frozenset({Feature.STERILE, Feature.NOT_STERILE})
# By family of goods: a need has one text for all its goods, but only respirators have straps.
RELEVANT_FEATURES: dict[str, frozenset[Feature]] = {
    "respirator": frozenset({Feature.HEAD_STRAPS, Feature.EAR_LOOPS, Feature.VALVE, Feature.NO_VALVE})
    | _AGE_GROUPS,
    "mask": frozenset({Feature.TIES, Feature.EAR_LOOPS}) | _STERILITY | _AGE_GROUPS,
    "gown": _STERILITY,
    "coverall": _STERILITY,
    "glove": _STERILITY,
    "device": _AGE_GROUPS,
    "test": _STERILITY,
}
SIZED_FAMILIES = frozenset({"respirator", "mask", "gown", "coverall", "glove"})
LEVELLED_FAMILIES = frozenset({"gown", "mask"})
STERILE_GOODS = frozenset(
    {"GOWN_SURG", "GLOVE_SURG"}
)  # sterile by definition (see their names in facts/products.csv)
COUNTERFEIT_SIGNS = (
    Feature.EAR_LOOPS,
    Feature.CHILDREN,
)  # never on NIOSH-approved goods (facts/products.csv RESP_N95, facts/fraud.md case 20)
_EAR_LOOP_WORDS = r"ear[- ]?(?:loop|band|strap|hook|hanging|hung|elastic)s?"
_WORD_NOT_ON_GOODS = (
    r"(?!(?:masks?|respirators?|gowns?|gloves?|shields?|coveralls?|thermometers?|sizes?|n95|kn95|kf94|ffp[1-3]|masques?|respirateurs?"
    r"|blouses?|gants?|visieres?|tailles?|combinaisons?|thermometres?)\b)[\w'’]+"
)
_CARE_PLACES_EN = (
    r"(?:hospitals?|wards?|units?|clinics?|departments?|centres?|centers?|icu|emergency|staff|nurses?|doctors?|teams?|surgery|oncology"
    r"|divisions?|services?|shelters?|homes?|aid society|foundation|hospice)"
)
_CARE_PLACES_FR = (
    r"(?:hopital|hopitaux|cliniques?|centres?|services?|unites?|departements?|urgences?|institut|foyers?|chu"
    r"|fondation|soins)"
)
_IRRELEVANT_MENTION = re.compile(
    rf"{_EAR_LOOP_WORDS} (?:extender|saver|hook|adjuster|adapter)s?|head[- ]?strap (?:extension|extender|adapter)s?(?: hooks?)?"
    rf"|(?:\b(?:no|without|not|instead of|rather than|other than|in place of)) (?:an? |any )?(?:elastic )?{_EAR_LOOP_WORDS}"
    r"|sans (?:boucles?|elastiques?|attaches?) (?:d.oreilles?|auriculaires?)"
    r"|(?:非|无|不是|不要|不带)(?:耳[挂带绳戴]|挂耳)式?|耳[挂带]调节扣"
    r"|\b(?:not|pas) (?:for|pour) (?:children|kids|enfants?)|reach of children|portee des enfants|非儿童|儿童不宜"
    # "Children" in the name of a hospital, ward or clinic does not mean goods for children.
    rf"|\b(?:for )?(?:the )?(?:sick )?(?:children|kids?|pa?ediatrics?)(?:'s|’s|s'|s’)?(?: {_WORD_NOT_ON_GOODS}){{0,2}}?"
    rf" {_CARE_PLACES_EN}\b"
    rf"|\b{_CARE_PLACES_EN}(?: {_WORD_NOT_ON_GOODS}){{0,3}}? (?:for|of) (?:sick )?(?:children|kids)\b"
    rf"|\b{_CARE_PLACES_FR}(?:[ -](?:d.|l.)?{_WORD_NOT_ON_GOODS}){{0,4}}?[ -](?:(?:pour|des|d.) ?enfants?|pediatriques?)\b"
    r"|(?:妇女)?(?:儿童|小儿|婴幼儿)(?:专科|综合|保健|福利|急诊|重症|血液|肿瘤|救助)?(?:医院|医疗|医学|病房|病区|诊所|科|门诊|中心|院|基金)"
    r"|\b(?:to|must|can|may) be sterili[sz]ed|\bsterili[sz]able|\ba steriliser|可灭菌"
)
_FEATURE_WORDS: dict[Feature, re.Pattern[str]] = {
    Feature.HEAD_STRAPS: re.compile(
        r"\bhead[- ]?(?:straps?|bands?|harness|loops?|mounted|worn)\b|\b(?:straps?|bands?) (?:around|behind|over) (?:the )?head\b"
        r"|\b(?:sangles?|brides?|elastiques?|bandeaux?) (?:de|a la|derriere la) tete|\bserre-tete|头[带戴]式?|绑头"
    ),
    Feature.EAR_LOOPS: re.compile(
        rf"\b{_EAR_LOOP_WORDS}\b|\b(?:boucles?|elastiques?|attaches?) (?:d.oreilles?|auriculaires?)|耳[挂带绳戴]式?|挂耳式?"
    ),
    Feature.TIES: re.compile(
        r"\btie-?(?:on|back)s?\b|\b(?:with )?ties\b|\ba nouer\b|\ba lanieres\b|[绑系]带式?"
    ),
    Feature.NO_VALVE: re.compile(
        r"\b(?:no|non|not|without)[- ]?(?:an? |any )?(?:exhalation |exhaust |breathing )?valv(?:ed?|es)\b"
        r"|\bunvalved\b|\bvalve(?:less|[- ]free)\b"
        r"|\bsans (?:soupape|valve)|(?:无|不带|没有)(?:呼吸|呼气)?阀"
    ),
    Feature.VALVE: re.compile(
        r"\bvalv(?:ed?|es)\b|\bsoupape|(?:带|有|含)(?:呼吸|呼气|冷流)?阀|(?:呼吸|呼气|冷流)阀"
    ),
    Feature.NOT_STERILE: re.compile(
        r"\b(?:non|not|un)[- ]?steril(?:es?|i[sz]ed|ise)\b|\bnon[- ]steril(?:es?|ises?)\b|(?:非|未经?|不)(?:无菌|灭菌)"
    ),
    Feature.STERILE: re.compile(r"\bsteril(?:es?|i[sz]ed|ises?)\b|无菌|灭菌"),
    Feature.CHILDREN: re.compile(
        r"\bfor (?:children|kids)\b|\b(?:kids?|child(?:ren)?)(?:'s|’s|s)?[- ](?:sizes?d?|n95|masks?)\b|\bp(?:a)?ediatric\b"
        r"|\bpour enfants?\b|\btaille enfants?\b|\bpediatrique|儿童|小童|婴幼儿"
    ),
    Feature.ADULTS: re.compile(r"\badults?\b|\badultes?\b|成人"),
}
_SIZE_NAME = r"(?:x{0,3}[sl]|[2-4]xl|m|small|medium|large|extra[- ]large|petite?|moyenne?|grande?)"
_SIZE_SEPARATOR = r"\s*(?:[,/;、&-]|\bto\b|\band\b|\bor\b|\bet\b|\bou\b|\ba\b|至|到|和)\s*"
_SIZE_MENTION = re.compile(
    rf"\b(?:sizes?|tailles?)\b\s*[:=]?\s*({_SIZE_NAME}(?:{_SIZE_SEPARATOR}{_SIZE_NAME})*)\b|(?:尺码|号码|规格)[:\s]*({_SIZE_NAME}(?:{_SIZE_SEPARATOR}{_SIZE_NAME})*)"
    rf"|(?<![a-z0-9])({_SIZE_NAME}(?:{_SIZE_SEPARATOR}{_SIZE_NAME})*)\s*[码号]"
    rf"|\b({_SIZE_NAME}(?:{_SIZE_SEPARATOR}{_SIZE_NAME})*) sizes?\b|(?<![a-z0-9/])(s/m/l(?:/x{{1,3}}l)*)(?![a-z])"
)
_SIZE_BY_NAME = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra-large": "XL", "petit": "S", "petite": "S", "moyen": "M",
    "moyenne": "M", "grand": "L", "grande": "L", "2xl": "XXL", "3xl": "XXXL", "4xl": "XXXL",
}  # fmt: skip
_SIZE_RANGE = re.compile(rf"\s*(?:-|\bto\b|\ba\b|至|到)\s*(?={_SIZE_NAME})")
_LEVEL_MENTION = re.compile(
    r"(?<!biosafety )(?<!inspection )(?<!quality )(?<!trauma )\b(?:levels?|niveaux?|lvl)[- ]?"
    r"([1-4](?:\s*[-/,&]\s*[1-4])*)(?![0-9.])"
    r"(?! (?:(?:authori[sz]ed|exclusive|sole|trauma) )?(?:distribut|suppl|agents?\b|dealer|vendor|reseller|partner|hospital|trauma"
    r"|centre|center|fournisseur|revendeur|support))"
    # "First level" in the title of an agent, a dealer or a hospital is no level of protection.
    r"|(?<![0-9十百千万])([1-4一二三四])级(?!总?代理|总代|经销|供应|分销|批发|市场|资质|甲等|乙等|医院|医疗机构|企业|客户|单位|响应"
    r"|渠道|授权|货源|厂家|建造|消防|注册)"
)
_LEVEL_BY_CHINESE_DIGIT = {char: at for at, char in enumerate("一二三四", 1)}


@dataclass(frozen=True)
class NamedFeatures:
    """Features, sizes (`SIZES`) and levels (`PROTECTION_LEVELS`) that a text mentions. An empty set means not stated."""

    features: frozenset[Feature] = frozenset()
    sizes: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()


def parse_features(*texts: str) -> NamedFeatures:
    """Return all features, sizes and levels that the texts mention."""
    return NamedFeatures(
        frozenset(features_in(*texts)), frozenset(sizes_in(*texts)), frozenset(levels_in(*texts))
    )


def features_in(*texts: str) -> set[Feature]:
    """Return the features that the texts mention.

    Accessories that hold ear loops, and words such as "no ear loops", do not count as ear loops.
    """
    text = _IRRELEVANT_MENTION.sub(" ", fold_text("\n".join(texts)))
    found = set()
    for feature, words in _FEATURE_WORDS.items():
        if words.search(text):
            found.add(feature)
            text = words.sub(" ", text)
    return found


def sizes_in(*texts: str) -> set[str]:
    """Return the sizes mentioned next to the word "size". A range includes all sizes between its ends."""
    found: set[str] = set()
    for match in _SIZE_MENTION.finditer(fold_text("\n".join(texts))):
        said = next(filter(None, match.groups()))
        sizes = [
            _SIZE_BY_NAME.get(one, one.upper())
            for one in re.findall(rf"(?<![a-z0-9]){_SIZE_NAME}(?![a-z])", said)
        ]
        sizes = [one for one in sizes if one in SIZES]
        found |= set(sizes)
        if len(sizes) == 2 and _SIZE_RANGE.search(said):
            low, high = sorted(SIZES.index(one) for one in sizes)
            found |= set(SIZES[low:high])
    return found


def levels_in(*texts: str) -> set[int]:
    """Return the protection levels that the texts mention."""
    found: set[int] = set()
    for match in _LEVEL_MENTION.finditer(fold_text("\n".join(texts))):
        latin, chinese = match.groups()
        if chinese:
            found.add(_LEVEL_BY_CHINESE_DIGIT.get(chinese) or int(chinese))
            continue
        ends = [int(one) for one in re.findall(r"[1-4]", latin)]
        found |= set(range(min(ends), max(ends) + 1)) if "-" in latin else set(ends)
    return found


def feature_differences(
    needed: NamedFeatures, offered: NamedFeatures, family: str
) -> list[tuple[str, list[str]]]:
    """Return each requested feature that the offer contradicts, with the offered features, as codes.

    A feature counts only if it matters for the family of goods and both sides state it.
    """
    matter = RELEVANT_FEATURES.get(family, frozenset())
    pairs = feature_contradictions(set(needed.features & matter), set(offered.features & matter))
    found = [(one.value, [other.value]) for one, other in pairs]
    if family in SIZED_FAMILIES and offered.sizes and needed.sizes.isdisjoint(offered.sizes):
        instead = [f"size_{size}" for size in _in_order(offered.sizes)]
        found += [(f"size_{one}", instead) for one in _in_order(needed.sizes)]
    if (
        family in LEVELLED_FAMILIES
        and needed.levels
        and offered.levels
        and max(offered.levels) < min(needed.levels)
    ):
        found.append((f"level_{min(needed.levels)}", [f"level_{max(offered.levels)}"]))
    return found


def _in_order(sizes: Iterable[str]) -> list[str]:
    return sorted(sizes, key=SIZES.index)


def feature_contradictions(needed: set[Feature], offered: set[Feature]) -> list[tuple[Feature, Feature]]:
    """Return pairs of a feature asked for and the opposite feature offered.

    No pair is returned where one side states both features or neither.
    """
    found: list[tuple[Feature, Feature]] = []
    for one, other in (*OPPOSITE_FEATURES, *((second, first) for first, second in OPPOSITE_FEATURES)):
        named = {two for pair in found for two in pair}
        if (
            one in needed
            and other not in needed
            and other in offered
            and one not in offered
            and one not in named
        ):
            found.append((one, other))
    return found


def counterfeit_features(offered: Iterable[Feature]) -> Sequence[Feature]:
    """Return the offered features that are signs of a counterfeit NIOSH respirator."""
    there = set(offered)
    return [
        one
        for one in COUNTERFEIT_SIGNS
        if one in there and not (one is Feature.EAR_LOOPS and Feature.HEAD_STRAPS in there)
    ]
