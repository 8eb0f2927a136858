"""`python -m tests.mutation procurement/orders`: make small mistakes in the rules and see which no test finds.

Packages, their files and tests are in pyproject.toml under `tool.mutation`; without an entry there they are
the package's rules and its own tests. `.mutation/` keeps every result, so an interrupted run goes on where it
was; `results.json` beside this file holds the figures and the survivors of each package. The tools of PyPI
were tried and rejected: mutmut changes neither module level (Moves, tables, SQL) nor decorated functions
(every property) and starts pytest again for each mutant; cosmic-ray starts a process for each. Here a
mutation ("slip") costs a tenth of a second, because a process in which everything is loaded makes it in a
fork.
"""

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.runner import IMPOSSIBLE, KILLED, MOVES, SURVIVED, Progress, Runner, Stage
from tests.mutation.slips import slips_of

PROGRESS = Path(".mutation")
RESULTS = Path(__file__).with_name("results.json")
STAGES = {
    "quick": Stage("quick", 3, pages=False),
    "all": Stage("all", 20, afresh=True),
    "rights": Stage("rights", 60, shared=True),
}


def config_of(package: str) -> dict[str, Any]:
    """Return the files and tests of a package: those named in pyproject.toml, else its rules and its own tests."""
    named = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutation"]
    given = {"rules": [package]} if package.endswith(".py") else named.get(package, {})
    globs = given.get("rules", [f"{package}/**/rules.py", f"{package}/**/rules/*.py"])
    files = [path for each in globs for path in sorted(Path().glob(each)) if path.name != "__init__.py"]
    return {"rules": [str(path) for path in files], "tests": given.get("tests", [f"tests/{package}", MOVES])}


def run_stage(packages: list[str], stage: Stage, again: frozenset[str], only: str, tests: list[str]) -> int:
    """Try the slips of the packages in one stage; return the exit code of pytest.

    Tests that no earlier run knows are run first, and the process starts again to try the slips.

    `again` names results that are tried once more, `only` is part of the names of the slips tried.
    """
    configs = [config_of(package) for package in packages]
    rules = [path for config in configs for path in config["rules"]]
    tests = tests or sorted({path for config in configs for path in config["tests"]})
    tests = ["tests/rights"] if stage.shared else tests
    options = ["-q", "-p", "no:cacheprovider", "--tb=no", "--no-summary", "--no-header"]
    if os.environ.get("DATABASE_URL"):
        options.append("--reuse-db")
    environment = dict(os.environ)  # the tests add the addresses of their servers
    runner = Runner(rules, stage, Progress(PROGRESS, again, only), os.dup(1))
    code = pytest.main([*tests, *options], plugins=[runner])
    if runner.measured:
        os.execve(sys.executable, sys.orig_argv, environment)
    return code


def result_of(package: str) -> dict[str, Any]:
    """Return the result of a package: its figures, the survivors, the slips not tried, and those listed as equivalent."""
    known = Progress(PROGRESS, frozenset(), "").known
    slips = [slip for path in config_of(package)["rules"] for slip in slips_of(path)[1]]
    equal = {slip: EQUIVALENT[key] for slip in slips if (key := slip.name.rpartition("|")[0]) in EQUIVALENT}
    found = {slip: known.get(slip.name, {}).get("result") for slip in slips if slip not in equal}
    killed = sum(result == KILLED for result in found.values())
    survived = [str(slip) for slip, result in found.items() if result == SURVIVED]
    return {
        "mutants": killed + len(survived),
        "killed": killed,
        "survived": survived,
        "not_tried": sum(result in (None, IMPOSSIBLE) for result in found.values()),
        "equivalent": {str(slip): why for slip, why in equal.items()},
    }


def main() -> int:
    """Run the stages one after the other, each in a process of its own, and print the figures.

    The first stage is quick; later ones try its survivors again, longer or with other tests.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--stage", choices=STAGES)
    parser.add_argument("--again", default="", help="results that are tried once more: survived,killed")
    parser.add_argument(
        "--figures", action="store_true", help="try nothing; write the results of earlier runs"
    )
    parser.add_argument("--only", default="", help="part of the name of the slips that are tried")
    parser.add_argument(
        "--tests", nargs="*", default=[], help="files or folders instead of those of the packages"
    )
    chosen = parser.parse_args()
    PROGRESS.mkdir(exist_ok=True)
    if chosen.stage:
        return run_stage(
            chosen.packages,
            STAGES[chosen.stage],
            frozenset(chosen.again.split(",")),
            chosen.only,
            chosen.tests,
        )
    for name in () if chosen.figures else STAGES:
        again = chosen.again if name == "quick" else SURVIVED
        line = [sys.executable, "-m", "tests.mutation", *chosen.packages, "--stage", name, "--again", again]
        subprocess.run([*line, "--only", chosen.only], check=False)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known |= {package: result_of(package) for package in chosen.packages}
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for package, one in known.items():
        print(f"{package}: {one['killed']} of {one['mutants']} slips found, {one['not_tried']} not tried")
    return 0


if __name__ == "__main__":
    sys.exit(main())
