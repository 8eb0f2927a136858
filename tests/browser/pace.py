"""How long a practised person takes at a path of clicks, counted and not timed: a slow machine gives the same figure as a fast one.

The keystroke-level model of Card, Moran and Newell (The Keystroke-Level Model for User Performance Time with Interactive Systems,
Communications of the ACM 23(7), 1980): a person points, clicks, types and decides, each in a known time. Reading through what a page
says is not in it.
"""

from dataclasses import dataclass

KEY = 0.28  # seconds a keystroke: the paper's average typist who is no secretary, 40 words a minute
POINT = 1.1  # pointing at something with a mouse
CLICK = 0.2  # pressing its button and letting it go
HOME = 0.4  # from the mouse to the keys, or back
DECIDE = 1.35  # making up one's mind what comes next
WAIT = 1.0  # until the next page stands there: several times what the slowest one takes


@dataclass
class Pace:
    """What somebody did at a browser so far."""

    presses: int = 0
    keys: int = 0
    fields: int = 0
    pages: int = 0

    def __add__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __sub__(self, other: "Pace") -> "Pace":
        return Pace(*(getattr(self, name) - getattr(other, name) for name in self.__dataclass_fields__))

    def typed(self, text: str) -> None:
        """A field was pointed at and filled."""
        self.fields += 1
        self.keys += len(text)

    def pressed(self, *, opens: bool = False, times: int = 1) -> None:
        """Something was clicked; `opens`: another page came."""
        self.presses += times
        self.pages += opens

    @property
    def seconds(self) -> float:
        """By the model: each press and each field is decided upon and pointed at, hands go to the keys and back, pages come."""
        pressed = self.presses * (DECIDE + POINT + CLICK)
        typed = self.fields * (DECIDE + POINT + CLICK + 2 * HOME) + self.keys * KEY
        return pressed + typed + self.pages * WAIT

    def __str__(self) -> str:
        return (
            f"{self.presses} clicks, {self.fields} fields with {self.keys} keystrokes, {self.pages} pages: "
            f"{self.seconds:.0f} s"
        )
