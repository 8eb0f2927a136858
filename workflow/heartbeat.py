"""Sign of life for a monitoring service, which notices when it stops."""

import logging
import time
from urllib.request import Request, urlopen

from django.conf import settings

MIN_SECONDS_BETWEEN = 30  # the periodic job may run several times in a row
TIMEOUT_SECONDS = 5

log = logging.getLogger(__name__)


class Heartbeat:
    """Requests of HEARTBEAT_URL by one process."""

    def __init__(self) -> None:
        self._sent_at = -float(MIN_SECONDS_BETWEEN)

    def send(self) -> None:
        """Request HEARTBEAT_URL, if one is set, at most every half minute.

        A failure is logged and changes nothing else. The address is not logged, as it may contain a key.
        """
        if not settings.HEARTBEAT_URL or time.monotonic() - self._sent_at < MIN_SECONDS_BETWEEN:
            return
        self._sent_at = time.monotonic()
        try:
            request = Request(settings.HEARTBEAT_URL, headers={"User-Agent": "Twinlane"})  # noqa: S310 - the operator's own
            with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - the operator's own address
                pass
        except (OSError, ValueError) as error:
            log.warning("no heartbeat: %s", type(error).__name__)


heartbeat = Heartbeat()
