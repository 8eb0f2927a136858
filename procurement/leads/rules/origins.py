"""Where the goods of an offer come from, and which of its facts says so. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from babel import Locale

from workflow.search import fold

# The place named with one of these terms is where the goods leave; that of other terms is where they go.
LEAVES_FROM = frozenset({"EXW", "FCA", "FAS", "FOB"})
LANGUAGES = ("en", "fr", "zh_Hans")
# Places that goods leave from, as offers name them: ports, airports and towns that make protective goods. Those that share their name
# with a place in another country are left out, unless one of the two is by far the greater port.
PLACES = {
    "CN": (
        "shenzhen guangzhou canton shanghai pudong ningbo qingdao tianjin xingang xiamen yantian shekou "
        "nansha dongguan foshan huizhou zhongshan zhuhai jiangmen shantou hangzhou wenzhou yiwu shaoxing "
        "jiaxing suzhou wuxi nanjing changzhou nantong xuzhou wuhan xiantao zhengzhou xinxiang changyuan "
        "nanchang changsha chengdu chongqing xian beijing dalian jinan weihai yantai fuzhou quanzhou "
        "guangdong zhejiang jiangsu fujian hubei henan shandong hebei jiangxi hunan anhui sichuan "
        "guangxi 深圳 广州 上海 宁波 青岛 天津 厦门 东莞 佛山 惠州 中山 珠海 杭州 温州 义乌 绍兴 苏州 "
        "无锡 南京 常州 南通 武汉 仙桃 郑州 新乡 长垣 南昌 长沙 成都 重庆 西安 北京 大连 济南 广东 浙江 "
        "江苏 福建 湖北 河南 山东 河北 江西 湖南 安徽 四川 广西"
    ),
    "HK": "hongkong hong-kong 香港",
    "TW": "taipei taoyuan kaohsiung keelung taichung 台北 高雄",
    "KR": "busan incheon seoul daegu daejeon 釜山 仁川 首尔",
    "JP": "tokyo yokohama osaka kobe nagoya narita kansai 东京 横滨 大阪 神户 名古屋",
    "MY": "kuala-lumpur klang penang johor 吉隆坡",
    "TH": "bangkok laem-chabang 曼谷",
    "VN": "hanoi haiphong ho-chi-minh saigon danang 胡志明市 河内",
    "IN": "mumbai chennai bangalore bengaluru new-delhi nhava-sheva 孟买",
    "TR": "istanbul izmir ankara mersin",
    "DE": "hamburg frankfurt bremen bremerhaven leipzig berlin munich münchen stuttgart",
    "NL": "rotterdam amsterdam schiphol",
    "BE": "antwerp antwerpen anvers liège brussels bruxelles",
    "FR": "paris le-havre marseille lyon",
    "IT": "milan milano genoa genova turin torino",
    "GB": "london heathrow felixstowe southampton manchester",
    "US": (
        "los-angeles long-beach seattle new-york newark chicago houston miami atlanta dallas "
        "san-francisco oakland california texas florida"
    ),
    "CA": (
        "vancouver burnaby toronto montreal montréal halifax calgary edmonton winnipeg mississauga "
        "prince-rupert oakville ottawa"
    ),
    "MX": "manzanillo monterrey veracruz tijuana",
}
_ANY = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"[A-Z]{2}(?: ?[A-Z2-9]{3})?")  # ISO 3166-1, UN/LOCODE
_WITHIN_CHINA = frozenset(
    {"HK", "MO", "TW"}
)  # customs territories of their own, whose names may hold China's
_OTHERS_NAMES = frozenset({"GE", "JE"})  # called as states of the USA are, or part of their names


class Said(StrEnum):
    """The fact that says where goods come from, the strongest first."""

    STOCK = "stock"
    INCOTERM = "incoterm"
    MAKER = "maker"
    SELLER = "seller"


@dataclass(frozen=True)
class Origin:
    """Where goods come from (ISO 3166-1, "" where nothing says it), by which fact, and what other facts say instead.

    `others` are the countries that the stock's place, the place named with the term or the maker's address give, with the fact; the
    seller's address is no statement about the goods, and only counts where nothing else does.
    """

    country: str
    said: Said
    others: tuple[tuple[str, Said], ...] = ()


def origin_of(*, stock: str, incoterm: str, place: str, maker: str, seller: str) -> Origin:
    """Where goods come from: `stock` and `place` in words, `maker` and `seller` as countries; "" where not stated."""
    leaves = country_named(place) if incoterm.upper() in LEAVES_FROM else ""
    said = [
        (country, fact)
        for country, fact in (
            (country_named(stock), Said.STOCK),
            (leaves, Said.INCOTERM),
            (maker, Said.MAKER),
            (seller, Said.SELLER),
        )
        if country
    ]
    if not said:
        return Origin("", Said.SELLER)
    (country, fact), *rest = said
    others: dict[str, Said] = {}
    for other, by in rest:
        if by is not Said.SELLER and other != country:
            others.setdefault(other, by)
    return Origin(country, fact, tuple(others.items()))


def country_named(text: str) -> str:
    """The one country that a text names, by its name in three languages, its code or a place in it; "" for none, and for several."""
    words = " ".join(_WORDS.findall(fold(text)))
    found = {country for country, name in _names() if _holds(words, name)}
    if found & _WITHIN_CHINA:
        found.discard("CN")
    if not found and _CODE.fullmatch(text.strip()) and text.strip()[:2] in _territories():
        return text.strip()[:2]
    return found.pop() if len(found) == 1 else ""


def _holds(words: str, name: str) -> bool:
    return name in words.replace(" ", "") if _ANY.search(name) else f" {name} " in f" {words} "


@cache
def _territories() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").territories if _CODE.fullmatch(str(code)))


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every name with its country, folded; Chinese Hong Kong goes by the short name too."""
    names = [
        (country, place.replace("-", " ")) for country, places in PLACES.items() for place in places.split()
    ]
    for language in LANGUAGES:
        labels = Locale.parse(language).territories
        names += [(code, labels[code]) for code in _territories() - _OTHERS_NAMES if code in labels]
    names += [
        ("US", "usa"),
        ("GB", "uk"),
        ("KR", "korea"),
        ("HK", "hong kong"),
        ("CN", "prc"),
        ("US", "united states of america"),
    ]
    return tuple({(country, " ".join(_WORDS.findall(fold(name)))) for country, name in names})
