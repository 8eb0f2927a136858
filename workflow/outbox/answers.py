"""How far handing over a mail can get: it was taken; or one of these."""


class TryLater(Exception):
    """It was certainly not taken, and may be another time."""


class ServerAway(TryLater):
    """The mail server cannot be reached: no other mail would get through now."""


class Never(Exception):
    """It was certainly not taken, and never will be. `bad_address` tells a dead address from a refused content."""

    def __init__(self, words: str, *, bad_address: bool) -> None:
        super().__init__(words)
        self.bad_address = bad_address


class PerhapsTaken(Exception):
    """The connection was lost after the content was handed over, before the server answered."""
