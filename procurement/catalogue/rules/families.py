"""Product families: those whose goods may replace each other, and those that a text names. No database access."""

import re
from functools import lru_cache

from procurement.catalogue.models.products import Product

# Goods of any other family replace only their own.
INTERCHANGEABLE_FAMILIES = (
    {Product.Family.MASK, Product.Family.RESPIRATOR},
    {Product.Family.GOWN, Product.Family.COVERALL},
)


def families_serving(family: str) -> set[str]:
    """Return the product families whose goods may be offered where `family` is needed."""
    return next((set(map(str, group)) for group in INTERCHANGEABLE_FAMILIES if family in group), {family})


_RATED = r"(?:k?n9[59]|ffp[1-3]|kf94|ds2)"  # classes of respirators, which sources also call masks
_RESPIRATOR = (
    rf"{_RATED}[^，,；;、和及]{{0,12}}口罩|口罩\s*[（(]\s*{_RATED}|医用防护口罩|半面罩|呼吸器"
    rf"|(?:demi-)?mas(?:k|que)s? \(?(?:de type |de protection )?{_RATED}|demi-masques?|\bAPR\b"
    r"|appareils? (?:de protection )?respiratoires?"
    rf"|(?:respirators?|{_RATED})(?:[ -](?:medical|surgical|protective|disposable|filtering|face|half))*(?:[ -]masks?)?"
    r"|medical protective masks?|half[ -]masks?"
)
# How sources name the goods of each family. Words that name one family name no later one: an N95 mask is no surgical mask.
# Equipment without a name ("PPE") names none, and goods of the family Other are not alike.
_WORDS = {
    Product.Family.RESPIRATOR: _RESPIRATOR,
    Product.Family.MASK: r"masks?\b|masques?\b|face coverings?|couvre-visages?|口罩",
    Product.Family.EYE_FACE: r"goggles?|face ?shields?|visors?|eyewear|safety glasses"
    r"|lunettes|visières?|écrans? facia(?:l|ux)|护目镜|面罩|眼罩|面屏",
    Product.Family.GOWN: r"gowns?\b|aprons?\b|blouses?\b|tabliers?\b|隔离衣|手术衣|围裙",
    Product.Family.COVERALL: r"coveralls?|protective (?:suits?|cloth(?:es|ing)|outfits?)"
    r"|combinaisons?|(?:vêtements?|tenues?) de protection|防护服",
    Product.Family.GLOVE: r"gloves?\b|\bgants?\b|手套",
    Product.Family.CAP_OR_SHOE_COVER: r"(?:bouffant|surgical) caps?\b|(?:shoe|boot) covers?"
    r"|charlottes?|bonnets?|couvre-chaussures?|手术帽|条形帽|鞋套",
    Product.Family.HYGIENE: r"saniti[sz]|disinfect|désinfect|lingettes?|消毒",
    Product.Family.TEST: r"\btest(?:s|ing)?\b|swabs?\b|reagents?|écouvillons?|拭子|检测试剂|试剂盒",
    Product.Family.DEVICE: r"thermomet|thermomètre|ventilators?|ventilateurs?|oximeters?|oxymètres?"
    r"|体温计|额温枪|呼吸机|血氧仪",
}
_PATTERNS = {family: re.compile(words, re.IGNORECASE) for family, words in _WORDS.items()}


@lru_cache(maxsize=1000)
def families_named_in(text: str) -> frozenset[str]:
    """Return the product families of the goods that a text names in English, French or Chinese."""
    found = set()
    for family, pattern in _PATTERNS.items():
        text, count = pattern.subn(" ", text)
        if count:
            found.add(str(family))
    return frozenset(found)
