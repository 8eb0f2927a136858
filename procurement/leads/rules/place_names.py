"""Country of a place named in an offer, in English, French or Chinese.

Knows countries, provinces, states, ports and towns.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from itertools import product

from babel import Locale

from workflow.search import fold_name

LANGUAGES = ("en", "fr", "zh_Hans")
# Ports, airports and production towns from which goods leave. Names found in two countries are left out,
# unless one of the two is by far the larger port.
TOWNS = {
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
    "HK": "hongkong hong-kong kowloon 香港 九龙",
    "MO": "macau macao 澳门",
    "TW": "taipei taoyuan kaohsiung keelung taichung 台北 高雄",
    "KR": "busan incheon seoul daegu daejeon 釜山 仁川 首尔",
    "JP": "tokyo yokohama osaka kobe nagoya narita kansai 东京 横滨 大阪 神户 名古屋",
    "MY": "kuala-lumpur klang penang johor 吉隆坡",
    "TH": "bangkok laem-chabang 曼谷",
    "VN": "hanoi haiphong ho-chi-minh saigon danang 胡志明市 河内",
    "ID": "jakarta surabaya 雅加达",
    "IN": "mumbai chennai bangalore bengaluru delhi new-delhi nhava-sheva 孟买 新德里",
    "TR": "istanbul izmir ankara mersin 伊斯坦布尔",
    "DE": "hamburg frankfurt bremen bremerhaven leipzig berlin munich münchen stuttgart 汉堡",
    "NL": "rotterdam amsterdam schiphol 鹿特丹",
    "BE": "antwerp antwerpen anvers liège brussels bruxelles",
    "FR": "paris le-havre marseille lyon",
    "IT": "milan milano genoa genova turin torino",
    "GB": "london heathrow felixstowe southampton manchester 伦敦",
    "US": (
        "los-angeles long-beach seattle newark chicago houston miami atlanta dallas san-francisco oakland "
        "jersey-city 洛杉矶 长滩 西雅图"
    ),
    "CA": (
        "vancouver burnaby toronto montreal montréal halifax calgary edmonton winnipeg mississauga "
        "prince-rupert oakville ottawa saskatoon regina charlottetown whitehorse yellowknife iqaluit "
        "温哥华 本拿比 列治文 多伦多 蒙特利尔 卡尔加里"
    ),
    "AG CA": "saint-john-s st-john-s",
    "MX": "manzanillo monterrey veracruz tijuana",
    "EG": "cairo port-said",
    "AE": "dubai jebel-ali al-ain",
    "BO MX": "la-paz",
    "AU": "mt-isa",
}
# Provinces of Canada and states of the USA: a town named before one lies there, not in a larger namesake.
REGIONS = {
    "CA": (
        "british-columbia colombie-britannique ontario quebec alberta manitoba saskatchewan nova-scotia "
        "nouvelle-ecosse new-brunswick nouveau-brunswick newfoundland labrador newfoundland-and-labrador "
        "terre-neuve terre-neuve-et-labrador prince-edward-island ile-du-prince-edouard yukon nunavut "
        "northwest-territories territoires-du-nord-ouest 不列颠哥伦比亚 卑诗 安大略 魁北克 阿尔伯塔 艾伯塔 "
        "曼尼托巴 马尼托巴 萨斯喀彻温 新斯科舍 新不伦瑞克 纽芬兰 爱德华王子岛 育空 努纳武特"
    ),
    "US": (
        "alabama alaska arizona arkansas california californie colorado connecticut delaware florida "
        "floride hawaii idaho illinois indiana iowa kansas kentucky louisiana louisiane maine maryland "
        "massachusetts michigan minnesota mississippi missouri montana nebraska nevada new-hampshire "
        "new-jersey new-mexico nouveau-mexique new-york north-carolina north-dakota ohio oklahoma oregon "
        "pennsylvania rhode-island south-carolina south-dakota tennessee texas utah vermont virginia "
        "washington west-virginia wisconsin wyoming 加利福尼亚 加州 新墨西哥 新泽西 纽约 得克萨斯"
    ),
    "GE US": "georgia georgie",
}
CANADIAN_PROVINCE_CODES = "AB BC MB NB NL NS NT NU ON PE QC SK YT"
# Without codes that are also words: in, or, me, hi, ok, oh.
US_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE FL GA ID IL IA KS KY LA MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND PA RI "
    "SC SD "
    "TN TX UT VT VA WA WV WI WY"
)
# Other names that offers use for a country, besides its names in our three languages.
COUNTRY_ALIASES = {
    "US": "usa u-s-a united-states-of-america",
    "GB": "uk u-k great-britain england scotland wales northern-ireland angleterre 北爱尔兰 英格兰",
    "KR": "korea republic-of-korea",
    "CN": "prc p-r-china p-r-c mainland-china 中国大陆",
    "HK": "中国香港",
    "MO": "中国澳门",
    "TW": "中国台湾",
    "TR": "turkey",
    "VN": "viet-nam",
    "CZ": "czech-republic",
    "NL": "holland hollande 荷兰",
    "AE": "uae u-a-e 阿联酋",
    "MM": "myanmar burma",
    "CI": "ivory-coast",
}
# UN/LOCODEs of ports and airports. Other codes written as one word look like a town name in capitals.
LOCODES = (
    "CNSHA CNPVG CNNGB CNNBG CNCAN CNSZX CNYTN CNSHK CNTAO CNTXG CNTSN CNXMN CNCGO CNDLC CNNSA CNFOC "
    "CNHGH CNKWE HKHKG "
    "MOMFM TWTPE TWKHH TWKEL CAVAN CAYVR CAPRR CATOR CAMTR CAHAL CACAL USLAX USLGB USSEA USNYC USCHI "
    "USORD JPTYO "
    "JPYOK JPOSA JPUKB JPNGO KRPUS KRINC KRSEL MYPKG MYPEN MYKUL THBKK THLCH VNSGN VNHPH VNHAN INNSA "
    "INMAA INBOM "
    "INDEL IDJKT IDSUB TRIST TRIZM TRMER DEHAM DEFRA DEBRV NLRTM NLAMS BEANR FRLEH FRPAR GBFXT GBLHR "
    "GBSOU ITGOA "
    "ITMIL PLGDN MXZLO MXMEX"
)
# Settlers took town names from these countries across the Atlantic and within North America.
_COUNTRIES_OF_TOWN_NAMES = frozenset({"GB", "FR", "DE", "IT", "NL", "BE", "CA", "US"})
_CHINESE_CUSTOMS_TERRITORIES = frozenset(
    {"HK", "MO", "TW"}
)  # customs territories, often written beside China's name
_NON_COUNTRY_CODES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_WORD = re.compile(r"[\u4e00-\u9fff]+|[^\W_\u4e00-\u9fff]+")
MAX_CHINESE_NAME_LENGTH = 20  # characters of a Chinese name of a country
_HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_SPACE_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_COUNTRY_CODE_OR_LOCODE = re.compile(r"([A-Z]{2})(?:( ?)([A-Z2-9]{3}))?")  # ISO 3166-1, UN/LOCODE
_POSTAL_CODE = r"[A-Za-z][0-9][A-Za-z]\s?[0-9][A-Za-z][0-9]"
_REGION_CODE_AFTER_NAME = re.compile(
    rf"(?<=[,(])\s*([A-Za-z])\.?\s?([A-Za-z])\b\.?(?=\s*(?:$|[,;/)\n]|(?P<zip>[0-9]{{5}}\b)|(?P<postal>{_POSTAL_CODE}\b)|canada\b))",
    re.IGNORECASE,
)
_SEPARATOR_OF_ADJACENT_NAMES = re.compile(r"[\s,(-]*")
_REGION_CODE_MARK = "codeofaregion"  # marks a region code that was recognized by its position


class _NameKind(StrEnum):
    COUNTRY = "country"
    REGION = "region"
    TOWN = "town"


@dataclass(frozen=True)
class _NameMatch:
    """Place name found in a text: its position, and the countries that have a place of that name."""

    start: int
    end: int
    countries: frozenset[str]
    sort: _NameKind


def country_in_text(text: str) -> str:
    """Return the one country that a text names, or "" if it names none or several.

    A country is recognized by its name in three languages, by its code or by a place in it. A name that is
    part of a longer name does not count (India's in 印度尼西亚). A town before a province or state elsewhere
    does not count either: London, Ontario. China's name next to that of Hong Kong, Macao or Taiwan is part
    of that name.
    """
    plain = _normalized_text(text)
    hits = _name_matches(plain)
    kept = [hit for at, hit in enumerate(hits) if not _is_overruled(hits, at, plain)]
    if not kept:
        return _country_of_code(text.strip())
    found = reduce(frozenset.intersection, (hit.countries for hit in kept))
    return next(iter(found)) if len(found) == 1 else ""


def _normalized_text(text: str) -> str:
    """Return the text as it is compared, with codes of provinces and states after a comma marked."""
    marked = _REGION_CODE_AFTER_NAME.sub(_mark_region_code, unicodedata.normalize("NFKC", text))
    return _SPACE_BETWEEN_HAN.sub("", fold_name(marked))


def _mark_region_code(found: re.Match[str]) -> str:
    code = (found[1] + found[2]).upper()
    province = code in CANADIAN_PROVINCE_CODES.split()
    state = code in US_STATE_CODES.split() and found[1].isupper() and found[2].isupper()
    if province and found["postal"]:
        return f" {_REGION_CODE_MARK}bc "  # any province will do: SK alone could mean Slovakia
    if state and found["zip"]:
        return f" {_REGION_CODE_MARK}tx "
    return f" {_REGION_CODE_MARK}{code.lower()} " if province or state else found[0]


def _name_matches(plain: str) -> list[_NameMatch]:
    """Return the place names in the text, in order, without names that are part of a longer one."""
    names, longest = _names_with_countries()
    words = list(_WORD.finditer(plain))
    found: list[_NameMatch] = []
    for at, word in enumerate(words):
        for start, end, name in (
            _word_sequences(words, at, longest) if not _HAN_CHARACTER.match(word[0]) else _substrings(word)
        ):
            if name in names and not (found and end <= found[-1].end):
                found.append(_NameMatch(start, end, *names[name]))
    return found


def _word_sequences(words: list[re.Match[str]], at: int, longest: int) -> list[tuple[int, int, str]]:
    """Return the word sequences that start at one word, longest first."""
    ends = range(min(len(words), at + longest), at, -1)
    return [(words[at].start(), words[to - 1].end(), " ".join(w[0] for w in words[at:to])) for to in ends]


def _substrings(word: re.Match[str]) -> list[tuple[int, int, str]]:
    """Return all substrings of a run of Chinese characters: by start position, then longest first."""
    first, text = word.start(), word[0]
    pairs = [
        (i, j) for i in range(len(text)) for j in range(min(len(text), i + MAX_CHINESE_NAME_LENGTH), i, -1)
    ]
    return [(first + i, first + j, text[i:j]) for i, j in pairs]


def _is_overruled(hits: list[_NameMatch], at: int, plain: str) -> bool:
    """Return True if a name directly beside this one shows that this name does not count."""
    hit = hits[at]
    front = hits[at - 1] if at and _are_beside(hits[at - 1], hit, plain) else None
    behind = hits[at + 1] if at + 1 < len(hits) and _are_beside(hit, hits[at + 1], plain) else None
    if hit.sort is _NameKind.COUNTRY:
        of_china = (
            one is not None and one.countries <= _CHINESE_CUSTOMS_TERRITORIES for one in (front, behind)
        )
        return hit.countries == {"CN"} and any(of_china)
    if behind is None or behind.sort is not _NameKind.REGION:
        return False
    is_town = hit.sort is _NameKind.REGION or hit.countries.isdisjoint(
        behind.countries
    )  # Ontario, California
    return is_town and hit.countries <= _COUNTRIES_OF_TOWN_NAMES


def _are_beside(first: _NameMatch, second: _NameMatch, plain: str) -> bool:
    return bool(_SEPARATOR_OF_ADJACENT_NAMES.fullmatch(plain[first.end : second.start]))


def _country_of_code(text: str) -> str:
    """Return the country if the whole text is a country code or a UN/LOCODE, else ""."""
    code = _COUNTRY_CODE_OR_LOCODE.fullmatch(text)
    if code is None or code[1] not in _territories():
        return ""
    return code[1] if not code[3] or code[2] or text in LOCODES.split() else ""


@cache
def _territories() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if re.fullmatch(r"[A-Z]{2}", code)) - _NON_COUNTRY_CODES


@cache
def _names_with_countries() -> tuple[dict[str, tuple[frozenset[str], _NameKind]], int]:
    """Return every known name with its countries and sort, and the word count of the longest name."""
    sorts: dict[str, _NameKind] = {}
    countries: dict[str, set[str]] = defaultdict(set)
    for code, name, sort in _known_places():
        key = " ".join(_WORD.findall(fold_name(name)))
        sorts.setdefault(key, sort)
        countries[key].add(code)
    found = {key: (frozenset(codes), sorts[key]) for key, codes in countries.items()}
    return found, max(len(key.split()) for key in found)


def _known_places() -> Iterator[tuple[str, str, _NameKind]]:
    """Yield country, name and sort of every known place. The first entry of a name decides its sort."""
    tables = ((REGIONS, _NameKind.REGION), (COUNTRY_ALIASES, _NameKind.COUNTRY), (TOWNS, _NameKind.TOWN))
    for table, sort in tables:
        for codes, names in table.items():
            yield from ((code, name, sort) for code, name in product(codes.split(), names.split()))
    for code, language in product(_territories(), LANGUAGES):
        if code in (labels := Locale.parse(language).territories):
            yield code, labels[code], _NameKind.COUNTRY
    for country, regions in (("CA", CANADIAN_PROVINCE_CODES.split()), ("US", US_STATE_CODES.split())):
        for code in regions:
            yield from (
                (one, _REGION_CODE_MARK + code, _NameKind.REGION)
                for one in {country, code} & {country, *_territories()}
            )
