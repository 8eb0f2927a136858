"""Plugin for CI (`-p tests.fail_skipped_tests`) that fails skipped browser and fault tests, whatever the reason."""

from collections.abc import Generator

import pytest

NEVER_SKIPPED = ("browser", "fault")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a browser or fault test into a failure that repeats the reason."""
    report = yield
    marked = [name for name in NEVER_SKIPPED if item.get_closest_marker(name)]
    if report.skipped and marked and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"CI skips no {' or '.join(marked)} test: {report.longrepr}"
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail if no test has one of these markers: a wrong marker or a lost folder would go unnoticed."""
    if not session.items:  # with several processes only the workers collect tests
        return
    found = {name for item in session.items for name in NEVER_SKIPPED if item.get_closest_marker(name)}
    if missing := set(NEVER_SKIPPED) - found:
        raise pytest.UsageError(f"No test is marked {', '.join(sorted(missing))}.")
