"""Working hours of each place, written by hand: the system's calendars must not check themselves."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Place:
    """One place of the simulation: time zone, days off from Monday to Friday, days worked at a weekend."""

    code: str
    zone: str
    off: frozenset[str] = frozenset()
    worked: frozenset[str] = frozenset()

    def works(self, at: datetime, opens: time = time(8), closes: time = time(20)) -> bool:
        """Return True if an office there is open at that moment."""
        local = at.astimezone(ZoneInfo(self.zone))
        day = str(local.date())
        return (day in self.worked or (local.weekday() < 5 and day not in self.off)) and (
            opens <= local.time() < closes
        )


def days(*written: str) -> frozenset[str]:
    return frozenset(str(date.fromisoformat(day)) for day in written)


# 2015: China had holidays from 18 to 24 February and worked on Sunday the 15th and Saturday the 28th; Korea from 18 to 20 February.
# Clocks in Canada changed on 8 March and 1 November, in Europe on 25 October.
PLACES = (
    Place(
        "CN-GD",
        "Asia/Shanghai",
        days("2015-02-18", "2015-02-19", "2015-02-20", "2015-02-23", "2015-02-24"),
        days("2015-02-15", "2015-02-28"),
    ),
    Place("CA-BC", "America/Vancouver", days("2015-11-11")),
    Place("CA-QC", "America/Toronto"),
    Place("JP-13", "Asia/Tokyo", days("2015-11-03")),
    Place("KR-11", "Asia/Seoul", days("2015-02-18", "2015-02-19", "2015-02-20")),
    Place("DE-BY", "Europe/Berlin"),
    Place("FR-75", "Europe/Paris", days("2015-11-11")),
)
BY_CODE = {place.code: place for place in PLACES}
OFFICES = {"burnaby": BY_CODE["CA-BC"], "montreal": BY_CODE["CA-QC"]}
