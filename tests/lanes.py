"""How much of the suite runs: `LANE` names the lane.

first: `make test`; rules, actions, API, each page for three readers and one purchase in a browser, in ten minutes on two cores.
ci: `.ci/run`; also the browser walks, generated API requests and faults that fit into its time, always the same ones.
all: `make test-all`; everything at full length.
"""

import os
from pathlib import Path
from typing import Literal, cast, get_args

import pytest

type Lane = Literal["first", "ci", "all"]
LANE = cast("Lane", os.environ.get("LANE", "first"))
FULL = LANE == "all"
if LANE not in get_args(Lane.__value__):
    raise pytest.UsageError(f"LANE is {LANE!r}; choose first, ci or all.")
# The first lane does not even import these.
SECOND_LANE = (
    # They start browsers, servers and processes of their own.
    *("browser", "faults", "benchmarks"),
    *(
        "config/test_headers.py",
        "config/test_demo_processes.py",
        "config/test_settings.py",
        "config/test_static.py",
        "config/test_environment_of_tests.py",
        "config/deploy/test_systemd_and_nginx.py",
        "config/deploy/test_redis.py",
        "config/deploy/test_alert_rules.py",
        "workflow/http/test_metrics_of_processes.py",
        "config/test_sbom.py",
    ),
    *("procurement/tasks/test_periodic_job.py", "workflow/outbox/test_metrics.py"),
    # They play the whole practice scenario and other long stories, or put generated and hostile input through many doors.
    *(
        "journeys",
        "procurement/api/whole_purchase",
        "worlds/test_story_cache.py",
        "procurement/notifications/test_recalls.py",
    ),
    *(
        "procurement/outreach/consents/test_by_partner_contact.py",
        "procurement/api/test_generated_requests.py",
        "procurement/api/test_query_parameters.py",
        "procurement/shipments/test_random_actions.py",
        "procurement/thanks/test_thank_yous.py",
    ),
    *("workflow/uploads/hostile", "procurement/uploads/test_hostile_files.py"),
    # They compare what two interfaces, two cities or two readers get, for every kind of object; the tests of each
    # package ask for the same rule once.
    *("procurement/editing/test_pages_two_browsers.py", "procurement/notifications/test_every_status.py"),
    *("procurement/other_cities", "procurement/leads/test_shared_certificates.py"),
    *("procurement/leads/test_certificate_holders.py", "procurement/notifications/test_next_steps.py"),
    *("partners/permissions/test_permission_sql.py", "rights/page_and_api", "rights/leaks"),
    # They play each known fraud from offer to refusal, and make each document for each kind of receiver; the rules
    # and the documents have tests of their own.
    *("procurement/fraud", "procurement/generated_documents/test_kinds.py"),
    *("procurement/generated_documents/test_receivers.py", "procurement/audit_files/test_audit_files.py"),
    "procurement/generated_documents/test_pdf_rendering.py",
    *("procurement/leads/test_documented_cases.py", "procurement/orders/decision_memos"),
    # They make each move of a hand-written table on stored objects; `rights` asks for the same rights in memory.
    *("procurement/test_permissions_by_status.py", "procurement/shipments/test_permissions_by_status.py"),
    "procurement/shipments/test_visibility.py",
    # They play days of mail: reminders, summaries, and what is settled before it is sent.
    *("procurement/tasks", "procurement/notifications/test_settled.py"),
    *(
        "procurement/notifications/test_settled_elsewhere.py",
        "procurement/notifications/test_recipients_without_access.py",
    ),
    *("procurement/notifications/test_rechecked_when_sent.py", "procurement/notifications/test_cancelled.py"),
    "procurement/outreach/test_recipients_of_changes.py",
    # They open pages one after the other, as the tests of pages do.
    *("procurement/dashboard/test_row_actions.py", "procurement/orders/test_progress.py"),
    # They compare lists of the API with each filter, or count statements.
    *("procurement/api/lists", "speed"),
)
# Tests of pages open links and send forms, one after the other. The first lane asks each page and form for three
# readers (`rights/test_pages.py`), and tests the actions behind them.
PAGES = "test_pages_"
STORY = "browser/test_need_to_released_lot.py"
TESTS = Path(__file__).parent


def is_collected(path: Path, named: bool) -> bool:
    """Return True if the tests of a file are collected in this lane.

    `named`: the command line names files or folders.
    """
    if LANE != "first" or named or path.is_dir():
        return True
    place = path.relative_to(TESTS).as_posix()
    return place == STORY or not (path.name.startswith(PAGES) or place.startswith(SECOND_LANE))


def belongs(item: pytest.Item, named: bool) -> bool:
    """Return True if a collected test runs in this lane.

    `named`: the command line names files or folders. Then only the variants of full length are left out.
    """
    if FULL:
        return True
    if item.get_closest_marker("every_way"):
        return False
    return LANE == "ci" or named or item.get_closest_marker("fault") is None
