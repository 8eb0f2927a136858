"""For CI (`-p tests.strict`): a browser or fault test that is skipped counts as failed, whatever the reason."""

from collections.abc import Generator

import pytest

NEVER_SKIPPED = ("browser", "fault")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of such a test into a failure that repeats the reason."""
    report = yield
    marked = [name for name in NEVER_SKIPPED if item.get_closest_marker(name)]
    if report.skipped and marked and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"CI skips no {' or '.join(marked)} test: {report.longrepr}"
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail as well where no such test is there to run: a wrong marker or a lost folder would go unseen."""
    if not session.items:  # the controller of several processes collects nothing; its workers look
        return
    found = {name for item in session.items for name in NEVER_SKIPPED if item.get_closest_marker(name)}
    if missing := set(NEVER_SKIPPED) - found:
        raise pytest.UsageError(f"No test is marked {', '.join(sorted(missing))}.")
