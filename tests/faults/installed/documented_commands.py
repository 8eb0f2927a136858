"""The commands of docs/operations.md, read from the page, so that a test runs what an operator reads."""

import re

from tests.faults.demo import ROOT

PAGE = (ROOT / "docs/operations.md").read_text()


def indented_blocks(heading: str) -> list[str]:
    """Return the indented blocks below a heading, in order, without their indentation."""
    section = re.split(r"^#+ ", PAGE.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    assert section, f"docs/operations.md has no heading {heading}"
    found = re.findall(r"(?:^    .*\n)+", section, flags=re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in found]


def replace_examples(text: str, values: dict[str, str]) -> str:
    """Replace the example values in a text by an installation's own. Fails if an example is missing."""
    for example, own in values.items():
        assert example in text, f"docs/operations.md says {example} no more"
        text = text.replace(example, own)
    return text
