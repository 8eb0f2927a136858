"""Statistics of the benchmarks: percentiles and ratios."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.measurements import Measurement, TurnResults, percentile, ratio


def test_percentile_is_one_of_measured_times():
    times = [0.004, 0.001, 0.003, 0.002]
    assert percentile(times, 50) == 0.002
    assert percentile(times, 75) == 0.003
    assert percentile(times, 76) == 0.004
    assert percentile(times, 100) == 0.004
    assert percentile([7.0], 1) == 7.0


def test_percentile_of_no_measurements_raises_error():
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.integers(1, 100))
def test_percentile_is_not_exceeded_by_stated_share_of_times(times, percent):
    limit = percentile(times, percent)
    assert limit in times
    assert sum(time <= limit for time in times) >= percent / 100 * len(times) - 1e-6
    assert sum(time < limit for time in times) < percent / 100 * len(times) + 1e-6


def test_benchmark_cell_sums_its_time_slices():
    slices = [
        TurnResults(
            (0.001, 0.003), 0.5, {"200": 2}, web_processor_seconds=0.002, database_processor_seconds=0.001
        ),
        TurnResults(
            (0.002, 0.010),
            1.5,
            {"200": 1, "404": 1},
            web_processor_seconds=0.006,
            database_processor_seconds=0.001,
        ),
    ]
    cell = Measurement.from_turns("needs: first page", "API", 200, 8, slices, queries=3, memory=90.0)
    assert cell.responses_per_second == 2.0
    assert (cell.p50, cell.p95, cell.p99) == (2.0, 10.0, 10.0)
    assert (cell.web_processor_milliseconds, cell.database_processor_milliseconds) == (2.0, 0.5)
    assert cell.status_counts == {"200": 3, "404": 1}
    assert cell.response_count == 4
    assert cell.key == ("needs: first page", "API", 200, 8)


def test_ratio_with_zero_denominator_is_none():
    assert ratio(3, 2) == 1.5
    assert ratio(3, 0) is None
