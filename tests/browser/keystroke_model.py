"""Estimate of the time that a practised person needs for a number of clicks and keystrokes.

It is computed, not measured, so a slow machine gives the same figure as a fast one. The source is the keystroke-level
model of Card, Moran and Newell (The Keystroke-Level Model for User Performance Time with Interactive Systems,
Communications of the ACM 23(7), 1980): a person points, clicks, types and decides, each in a known time. The time to
read a page is not included.
"""

from dataclasses import dataclass

KEY_SECONDS = 0.28  # seconds per keystroke: the average non-secretary typist of the paper, 40 words a minute
POINT_SECONDS = 1.1  # point with the mouse
CLICK_SECONDS = 0.2  # press and release the mouse button
HOME_SECONDS = 0.4  # move a hand from the mouse to the keys, or back
DECIDE_SECONDS = 1.35  # decide on the next step
WAIT_SECONDS = 1.0  # load the next page: several times as long as the slowest one takes


@dataclass
class Pace:
    """Number of clicks, keystrokes, fields and pages of one person so far."""

    presses: int = 0
    keys: int = 0
    fields: int = 0
    pages: int = 0

    def __add__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __sub__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, name) - getattr(other, name) for name in self.__dataclass_fields__))

    def typed(self, text: str) -> None:
        """Count a field that was pointed at and filled in."""
        self.fields += 1
        self.keys += len(text)

    def pressed(self, *, opens: bool = False, times: int = 1) -> None:
        """Count `times` clicks. With `opens`, also count the page that they open."""
        self.presses += times
        self.pages += opens

    @property
    def seconds(self) -> float:
        """Total time by the model.

        Each click and each field takes a decision and a pointing; a field also takes the hands to the keys
        and back.
        """
        pressed = self.presses * (DECIDE_SECONDS + POINT_SECONDS + CLICK_SECONDS)
        typed = (
            self.fields * (DECIDE_SECONDS + POINT_SECONDS + CLICK_SECONDS + 2 * HOME_SECONDS)
            + self.keys * KEY_SECONDS
        )
        return pressed + typed + self.pages * WAIT_SECONDS

    def __str__(self) -> str:
        return (
            f"{self.presses} clicks, {self.fields} fields with {self.keys} keystrokes, {self.pages} pages: "
            f"{self.seconds:.0f} s"
        )
