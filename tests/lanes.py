"""How much of the suite runs: `LANE` names the lane.

first: `make test`; rules, actions, pages, API and one browser story.
ci: `.ci/run`; also the browser walks and faults that fit into its time, always the same ones.
all: `make test-all`; everything at full length.
"""

import os
from typing import Literal, cast, get_args

import pytest

type Lane = Literal["first", "ci", "all"]
LANE = cast("Lane", os.environ.get("LANE", "first"))
FULL = LANE == "all"
if LANE not in get_args(Lane.__value__):
    raise pytest.UsageError(f"LANE is {LANE!r}; choose first, ci or all.")


def belongs(item: pytest.Item, named: bool) -> bool:
    """Return True if the test runs in this lane.

    `named`: the command line names files or folders. Then only the variants of full length are left out.
    """
    if FULL:
        return True
    if item.get_closest_marker("every_way"):
        return False
    if LANE == "ci" or named:
        return True
    if item.get_closest_marker("fault"):
        return False
    return item.get_closest_marker("browser") is None or item.get_closest_marker("story") is not None
