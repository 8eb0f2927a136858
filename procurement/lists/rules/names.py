"""Names as they are compared, in both scripts: what is left of one without its legal form, trade and place; and how it sounds. Pure.

Two companies of one town and one trade share most of their letters; what tells them apart is the rest. So names are compared by that
rest (the core), and the whole decides where the cores are close. Chinese is compared in simplified characters (OpenCC), and by its
reading in pinyin with a Latin name: many lists give the Latin form only. Other readings (Cantonese, Wade-Giles) are not tried, and
Japanese is compared sign by sign, its kana with its characters, and by no reading.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from procurement.lists.words import CHINESE_FORMS, CHINESE_TRADES, FORMS, PLACES, TRADES
from workflow.search import fold, fold_name

LEAST_LATIN = 3  # letters of a name
LEAST_SOUND = 5  # letters of a name by its sound
LEAST_NUMBER = 8  # characters of a number
SOUND = "s"  # begins the key of a name by its sound
LONGEST_KEY = 400  # characters, fewer than its column holds: folding makes some signs eighteen
PIECE = 4  # letters at either end of a word by which candidates are found: a slip of the pen spoils one end at most
HALF = 3  # and of a word of six or seven, whose ends overlap, so many as well: a slip in its middle would spoil both
_CHINESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff]")  # and kana
_BRACKETED = re.compile(r"\([株有合]\)")  # a Japanese legal form in short, as in one sign
_HIDDEN = re.compile(r"['’`´.\u200b-\u200f\ufeff]")
_LATIN_PLACES = frozenset(PLACES.values())


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_FORMS = re.compile(_longest_first(CHINESE_FORMS))
_TRADES = re.compile(_longest_first(CHINESE_TRADES))
_PLACES = re.compile(
    rf"({_longest_first(PLACES)})(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)?"
)
_TOWN = re.compile(r"^[\u4e00-\u9fff]{2,3}[市县区镇]")


@dataclass(frozen=True)
class Form:
    """A name as it is compared. `core` is what tells it apart, with spaces between Latin words; `sound` is a Chinese core in pinyin."""

    whole: str
    core: str
    places: frozenset[str]
    sound: str = ""
    bare: bool = False  # nothing tells it apart: its core is a form, trade or place

    @property
    def chinese(self) -> bool:
        """Whether it is compared by characters."""
        return bool(self.sound)

    @property
    def joined(self) -> str:
        """The core without its spaces: “Kang Hu” is “Kanghu”."""
        return self.core.replace(" ", "")

    def turned(self) -> Iterator[str]:
        """A Latin core without spaces, beginning with each of its words: some write the family name first, some last."""
        words = self.core.split()
        for start in range(len(words)):
            yield "".join(words[start:] + words[:start])


def forms_of(name: str) -> tuple[Form, ...]:
    """A name in each script it is written in: “Kanghu Medical (康护医疗)” has two. None where nothing is left to compare.

    Where one script says which company it is, the other is left out if it says but what a company is or where: of “BYD医疗科技有限公司”
    stays BYD.
    """
    folded = _BRACKETED.sub(" ", fold_name(_HIDDEN.sub("", name)))
    characters = "".join(char for char in folded if _CHINESE.match(char))
    found = [_chinese_form(characters)] if characters else []
    words = _words(folded)
    # Two letters tell nothing among all names, and much beside a trade in Chinese.
    if sum(map(len, words)) >= (1 if found and found[0].bare else LEAST_LATIN):
        found.append(_latin_form(words))
    return tuple(form for form in found if not form.bare) or tuple(found)


def _words(folded: str) -> list[str]:
    """The Latin words of a name without its legal form; letters that stand alone are one abbreviation (“S. A.”)."""
    spaced = "".join(char if char.isalnum() and not _CHINESE.match(char) else " " for char in folded)
    words, run = [], ""
    for word in [*spaced.replace("hong kong", "hongkong").split(), ""]:
        if len(word) == 1:
            run += word
            continue
        words += [run, word] if run else [word]
        run = ""
    return [word for word in words if word and word not in FORMS]


def _latin_form(words: list[str]) -> Form:
    places = frozenset(word for word in words if word in _LATIN_PLACES)
    rest = [word for word in words if word not in places]
    core = [word for word in rest if word not in TRADES]
    return Form(" ".join(sorted(words)), " ".join(core or rest or words), places, bare=not core)


def _chinese_form(characters: str) -> Form:
    whole = _FORMS.sub("", characters) or characters
    places = frozenset(PLACES[found] for found, _kind in _PLACES.findall(whole))
    rest = _PLACES.sub("", whole) or whole
    rest = _TOWN.sub("", rest) or rest
    core = _TRADES.sub("", rest) or rest
    left = _PLACES.sub("", _FORMS.sub("", characters))
    bare = not _TRADES.sub("", _TOWN.sub("", left))
    return Form(whole, core, places, sound="".join(lazy_pinyin(core)), bare=bare)


def number_of(written: str) -> str:
    """A company's or passport's number as it is compared: letters and figures in capitals; "" where it is too short to tell."""
    number = "".join(char for char in fold(written).upper() if char.isalnum())
    return number if len(number) >= LEAST_NUMBER else ""


def keys_of(form: Form) -> set[str]:
    """By what the candidates of a name are found: halves of characters (one other character spoils one), ends of words, its sound."""
    if form.chinese:
        length, half = len(form.core), len(form.core) // 2
        halves = {_key(f"c{length}", part) for part in (form.core[:half], f"-{form.core[half:]}") if part}
        return halves | ({_key(SOUND, form.sound)} if len(form.sound) >= LEAST_SOUND else set())
    keys = {key for word in (*form.core.split(), form.joined) for key in _ends(word)}
    return keys | {_key(SOUND, turned) for turned in form.turned() if len(turned) >= LEAST_SOUND}


def _key(kind: str, part: str) -> str:
    """A key that can be kept, however long the name: what is so long and begins alike is compared."""
    return f"{kind}{part}"[:LONGEST_KEY]


def _ends(word: str) -> tuple[str, ...]:
    if len(word) <= PIECE:
        return (f"t{word}",)
    pieces = (PIECE, HALF) if 2 * HALF <= len(word) < 2 * PIECE else (PIECE,)
    return tuple(key for piece in pieces for key in (f"p{word[:piece]}", f"e{word[-piece:]}"))


def keys_of_names(names: Iterable[str], numbers: Iterable[str]) -> list[str]:
    """All keys of somebody's names and numbers, in order."""
    keys = {key for name in names for form in forms_of(name) for key in keys_of(form)}
    return sorted(keys | {_key("n", number) for written in numbers if (number := number_of(written))})
