"""Reference texts as known on a day: parts that name a later day are left out.

So a page about April 2020 does not mention 2021, although its reference texts were written later. A part is
the content of round brackets, or a clause that ends in a semicolon or a full stop. Days are read as
2023-08-17, 17 August 2023, le 17 août 2023 and 2023 年 8 月 17 日; a month or a year alone counts as its first
day.
"""

import re
from datetime import date

MONTH_NUMBERS = {
    name: number
    for names in (
        "January February March April May June July August September October November December",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_NOT_INSIDE_WORD = r"(?<![\w/.:-])"  # not part of a number, a designation or an address
DATE_PATTERNS = (
    re.compile(_NOT_INSIDE_WORD + r"(?P<year>20\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\w-])"),
    re.compile(
        r"(?:\b(?P<day>\d{1,2})(?:er)?\s+)?\b(?P<month>" + "|".join(MONTH_NUMBERS) + r")\s+(?P<year>20\d\d)\b"
    ),
    re.compile(r"(?P<year>20\d\d)\s*年(?:\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*日)?)?"),
    re.compile(_NOT_INSIDE_WORD + r"(?P<year>20[12]\d)(?P<month>)(?P<day>)(?![\w/-]|\s*年)"),
)
BRACKETS_PATTERN = re.compile(r"\s*(?:\([^()]*\)|（[^（）]*）)")  # Chinese brackets
CLAUSE_PATTERN = re.compile(r"[^;.；。]*(?:[.](?=\S)[^;.；。]*)*[;.；。]*\s*")  # Chinese stops


def text_as_of(text: str, on: date) -> str:
    """Return the text without its parts that name a day after this one."""
    if not _names_later_day(text, on):
        return text
    remaining = BRACKETS_PATTERN.sub(lambda part: "" if _names_later_day(part[0], on) else part[0], text)
    clauses = "".join(
        clause for clause in CLAUSE_PATTERN.findall(remaining) if not _names_later_day(clause, on)
    ).rstrip()
    return clauses[:-1] + clauses[-1].replace(";", ".").replace("；", "。") if clauses else ""


def _names_later_day(text: str, on: date) -> bool:
    return any(day > on for day in _days_in(text))


def _days_in(text: str) -> list[date]:
    """Return the days that a text names; days that do not exist are skipped."""
    found = []
    for pattern in DATE_PATTERNS:
        for named in pattern.finditer(text):
            month, day = named["month"] or "1", named["day"] or "1"
            try:
                found.append(date(int(named["year"]), MONTH_NUMBERS.get(month) or int(month), int(day)))
            except ValueError:
                continue
    return found
