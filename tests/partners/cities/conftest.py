"""A gazetteer of a few places; the real one, read in register_import/test_gazetteer.py, takes seconds."""

import pytest

from partners.cities import queries
from partners.cities.gazetteer import GazetteerPlace
from tests.worlds.register_imports import NANAIMO, SUZHOUS

BURNABY = GazetteerPlace(5911606, "Burnaby", "CA", 49.26636, -122.95263, 249125, "America/Vancouver")
ZHONGSHANS = [
    GazetteerPlace(6986104, "Zhongshan", "CN", 22.52306, 113.37912, 3841873, "Asia/Shanghai"),
    GazetteerPlace(1908018, "Zhongshan", "CN", 34.93806, 105.8775, 27147, "Asia/Shanghai"),
]
PLACES = {
    "burnaby": [BURNABY],
    "zhongshan": ZHONGSHANS,
    "中山": ZHONGSHANS,
    "nanaimo": [NANAIMO],
    "suzhou": SUZHOUS,
}


@pytest.fixture(autouse=True)
def small_gazetteer(monkeypatch):
    def find_places(names):
        return {name: PLACES[name] for name in names if name in PLACES}

    monkeypatch.setattr(queries, "find_places", find_places)
