"""The measure command counts lines, executed files, test times and the mutation score correctly."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.files_run_by_journeys import Journey, Step, executed_files
from tests.architecture.suite_figures import mutants, mutation_score, suite_times
from tests.architecture.tree_figures import tree_figures

MODULE = """
import json

def shade(colour):
    return json.dumps(colour)

class Paint:
    name = "red"

    def mix(self):
        return self.name

WIDTHS = [width for width in range(3)]
"""


def write_module(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load_module(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_measure_counts_lines_of_source_files(tmp_path):
    write_module(tmp_path, "workflow/__init__.py", "")
    write_module(tmp_path, "workflow/moves.py", "from json import (\n    dumps,\n)\n\nNAMES = dumps([])\n")
    write_module(tmp_path, "partners/__init__.py", "from partners.cities import City\n")
    write_module(tmp_path, "partners/cities/models.py", "WIDTH = 1\n" * 60)
    write_module(tmp_path, "partners/cities/maps.py", "WIDTH = 1\n" * 59)
    write_module(tmp_path, "partners/migrations/0001_initial.py", "import django\n")
    write_module(tmp_path, "tests/test_maps.py", "import django\n")
    assert tree_figures(tmp_path) == {
        "folders": 3,
        "files": 6 - 1,
        "files with code": 4,
        "files under 60 lines": 4,
        "files with code under 60 lines": 3,
        "__init__.py that re-export": 1,
        "import lines, % of lines that are not blank": round(100 * 4 / (4 + 1 + 60 + 59), 1),
        "lines": 5 + 1 + 60 + 59,
        "lines of the longest file": 60,
    }


def test_measure_counts_no_executed_file_for_import_alone(tmp_path):
    path = write_module(tmp_path, "partners/colours.py", MODULE)
    with executed_files(tmp_path) as files:
        load_module(path)
    assert files == set()


@pytest.mark.parametrize("call", [lambda module: module.shade("red"), lambda module: module.Paint().mix()])
def test_measure_counts_file_of_called_function_or_method(tmp_path, call):
    module = load_module(write_module(tmp_path, "partners/cities/colours.py", MODULE))
    with executed_files(tmp_path) as files:
        call(module)
    assert files == {"partners/cities/colours.py"}


@pytest.mark.parametrize("name", ["tests/colours.py", "partners/migrations/colours.py", "colours.py"])
def test_measure_ignores_tests_migrations_and_foreign_files(tmp_path, name):
    module = load_module(write_module(tmp_path, name, MODULE))
    with executed_files(tmp_path) as files:
        module.shade("red")
    assert files == set()


def test_measure_counts_repeated_call_again_in_next_step(tmp_path):
    module = load_module(write_module(tmp_path, "partners/colours.py", MODULE))
    for _ in range(2):
        with executed_files(tmp_path) as files:
            module.shade("red")
        assert files == {"partners/colours.py"}


def test_acting_step_of_journey_is_last_post_or_else_last_step():
    page, posted, after = (
        Step(what, frozenset({f"workflow/{n}.py"}))
        for n, what in enumerate(["GET /needs/", "POST /needs/", "GET /needs/SR-1/"])
    )
    assert Journey([page, posted, after]).main_request == posted.files
    assert Journey([page, after]).main_request == after.files
    assert Journey([page, posted]).all_requests == page.files | posted.files


def test_measure_sums_test_times_by_package(tmp_path):
    cases = "".join(
        f'<testcase classname="{name}" name="test_x" time="{seconds}"/>'
        for name, seconds in [
            ("tests.workflow.pdf.test_pdf", "1.5"),
            ("tests.workflow.pdf.test_pdf.TestPage", "0.5"),
            ("tests.test_world", "0.25"),
        ]
    )
    junit = write_module(tmp_path, "junit.xml", f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert suite_times(junit) == (3, 2.2, [("tests/workflow/pdf", 2, 2.0), ("tests", 1, 0.2)])


def test_measure_sums_mutation_score_over_packages(tmp_path):
    results = {
        "allocations": {"mutants": 30, "killed": 30, "survived": []},
        "customs": {"mutants": 10, "killed": 8, "survived": ["rules.py:4: < is <=", "rules.py:9: + is -"]},
    }
    found = mutants(write_module(tmp_path, "mutants.json", json.dumps(results)))
    assert mutation_score(found) == 95.0
