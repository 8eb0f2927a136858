"""The table of benchmark results and the verdicts on its limits, from made-up measurements."""

from benchmarks.measurements import Measurement, TurnResults
from benchmarks.results_table import growth_factor, markdown_table, measurements_by_key, share_of_baseline
from benchmarks.targets import target_results


def cell(operation="needs: first page", interface="API", rows=200, at_once=1, *, ms=2.0, rate=100.0):
    """Return the measurement of one operation at one load; each of its ten answers took `ms` milliseconds."""
    answers = 10
    turns = [TurnResults((ms / 1000,) * answers, answers / rate, {"200": answers})]
    return Measurement.from_turns(operation, interface, rows, at_once, turns, queries=3, memory=88.4)


def verdicts_by_target(*cells):
    return {verdict.target: verdict for verdict in target_results(measurements_by_key(cells))}


def test_results_table_row_shows_one_and_eight_clients_side_by_side():
    cells = measurements_by_key(
        [
            cell(at_once=1, rate=100),
            cell(at_once=8, rate=240, ms=31),
            cell(interface="baseline", at_once=1, rate=200),
            cell(interface="baseline", at_once=8, rate=300),
        ]
    )
    head, _rule, api, baseline = [line.split(" | ") for line in markdown_table(cells, 200).splitlines()]
    line = dict(zip((name.strip("| ") for name in head), (value.strip("| ") for value in api), strict=True))
    assert line["operation"] == "needs: first page"
    assert (line["queries"], line["MB"]) == ("3", "88")
    assert (line["req/s at 1"], line["of baseline at 1"]) == ("100", "50%")
    assert (line["req/s at 8"], line["of baseline at 8"]) == ("240", "80%")
    assert line["p95 at 8"] == "31.0"
    assert "growth" not in line
    assert baseline[-1].strip("| ") == ""


def test_results_table_shows_growth_where_smaller_size_was_measured():
    cells = measurements_by_key([cell(rows=200, ms=2), cell(rows=2000, ms=3)])
    assert markdown_table(cells, 2000).splitlines()[-1].endswith("| 1.50 |")
    assert growth_factor(cells, cells["needs: first page", "API", 200, 1]) is None


def test_results_table_shows_share_of_baseline_for_api_only():
    cells = measurements_by_key([cell(interface="page"), cell(interface="baseline", rate=400), cell()])
    parts = {
        interface: share_of_baseline(cells, cells["needs: first page", interface, 200, 1])
        for interface in ("page", "baseline", "API")
    }
    assert parts == {"page": None, "baseline": None, "API": 0.25}


def test_benchmark_verdict_names_api_list_below_30_percent_of_baseline():
    verdict = verdicts_by_target(cell(rate=29), cell(interface="baseline", rate=100))[
        "API lists reach 30 % of the baseline"
    ]
    assert not verdict.is_met
    assert str(verdict).startswith(
        "MISSED: API lists reach 30 % of the baseline: least 29% (needs: first page, API, 1 at once)"
    )
    assert verdicts_by_target(cell(rate=30), cell(interface="baseline", rate=100))[
        "API lists reach 30 % of the baseline"
    ].is_met


def test_benchmark_verdict_names_page_above_100_milliseconds():
    demand = "no page above 100 ms (p95, one at a time)"
    assert verdicts_by_target(cell(interface="page", ms=100))[demand].is_met
    slow = verdicts_by_target(
        cell("Today", "page", ms=130), cell(interface="page", ms=20), cell("Today", "page", at_once=8, ms=900)
    )
    assert not slow[demand].is_met
    assert slow[demand].figures == "most 130.0 ms (Today, page, 1 at once), 1 beyond it"


def test_benchmark_verdict_compares_deep_page_with_first_page_of_same_list():
    demand = "deep and narrowed pages as fast as the first (within 1.2 times)"
    cells = [
        cell(ms=2),
        cell("needs: deep page", ms=2.4),
        cell(interface="page", ms=20),
        cell("needs: deep page", "page", ms=25),
    ]
    assert (
        verdicts_by_target(*cells)[demand].figures
        == "most 1.25 (needs: deep page, page, 1 at once), 1 beyond it"
    )


def test_benchmark_verdict_limits_growth_where_two_sizes_were_measured():
    demand = "growth from the fewest rows below 1.2 times"
    assert demand not in verdicts_by_target(cell())
    assert not verdicts_by_target(cell(rows=200, ms=2), cell(rows=2000, ms=2.6))[demand].is_met
    assert verdicts_by_target(cell(rows=200, ms=2), cell(rows=2000, ms=2.2))[demand].is_met


def test_benchmark_verdict_requires_twenty_times_inventree_at_every_load():
    demand = "first page: 20 times InvenTree"
    assert verdicts_by_target(cell(rate=86), cell(at_once=8, rate=134))[demand].is_met
    assert not verdicts_by_target(cell(rate=200), cell(at_once=8, rate=133))[demand].is_met
