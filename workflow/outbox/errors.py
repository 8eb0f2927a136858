"""Exceptions for failures to hand a mail to the mail server or provider. Without one, the mail was accepted."""


class TransientFailure(Exception):
    """Failure: the mail was certainly not taken, and may be taken another time."""


class ServerUnavailable(TransientFailure):
    """Failure: the mail server cannot be reached, so no other mail would get through now."""


class PermanentFailure(Exception):
    """Failure: the mail was certainly not taken, and never will be.

    `bad_address` is True for a dead address, and False for refused content.
    """

    def __init__(self, words: str, *, bad_address: bool) -> None:
        super().__init__(words)
        self.bad_address = bad_address


class DeliveryUncertain(Exception):
    """Failure: the connection was lost after the content was sent and before the server answered."""
