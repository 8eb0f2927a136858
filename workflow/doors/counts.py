"""Counts as people type them: 500,000 or “200 boxes of 50”, in the three languages. Pure; for forms and for the API."""

import re

_NUMBER = r"(\d{1,3}(?:[ ,.\u00a0\u202f]\d{3}){1,4}|\d{1,10})"  # up to 15 figures: Python reads no number of thousands
_BOX = r"(?:box|boxe|carton|pack|case|bag|bundle|boîte|boite|paquet|caisse|sac|lot)s?"
_OF = r"(?:of|de|d['’]|à|x|×|\*)"
_HAN = r"(?:盒|箱|包|袋)"
_BETWEEN = rf"(?:{_BOX} ?{_OF}|{_HAN} ?[,，、]? ?(?:每 ?{_HAN} ?|装 ?|内装 ?|x|×|\*)?|x|×|\*)"
_UNIT = r"(?:pieces?|pièces?|pcs|pairs?|paires?|units?|unités?|个|件|只|副|片|双)?"
_BOXES = re.compile(rf"{_NUMBER} ?{_BETWEEN} ?{_NUMBER} ?{_UNIT}", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(rf"{_NUMBER} ?{_UNIT}", re.IGNORECASE | re.ASCII)


def counted(text: str) -> int | None:
    """How many pieces a text says: `10 000`, `200 boxes of 50`, `200 boîtes de 50`, `200盒，每盒50个`. None where it says none."""
    told = " ".join(text.split())
    found = _BOXES.fullmatch(told)
    if found:
        return _whole(found[1]) * _whole(found[2])
    found = _PLAIN.fullmatch(told)
    return _whole(found[1]) if found else None


def _whole(figures: str) -> int:
    return int(re.sub(r"[^0-9]", "", figures))
