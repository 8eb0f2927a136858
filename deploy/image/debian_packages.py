"""Write Debian's packages of an image as CycloneDX: `python deploy/image/debian_packages.py IMAGE < list > file`.

The list is that of dpkg-query: a line for each package, with name, version and architecture between tabs.
"""

import sys

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL


def packages_as_cyclonedx(image: str, lines: list[str]) -> str:
    """Return a list of packages as CycloneDX 1.6 in JSON, about an image of this name."""
    bom = Bom()
    bom.metadata.component = Component(name=image, type=ComponentType.CONTAINER)
    for line in lines:
        name, version, architecture = line.rstrip("\n").split("\t")
        url = PackageURL("deb", "debian", name, version, {"arch": architecture})
        bom.components.add(Component(name=name, version=version, purl=url, bom_ref=str(url)))
    bom.register_dependency(bom.metadata.component, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


if __name__ == "__main__":
    sys.stdout.write(packages_as_cyclonedx(sys.argv[1], list(sys.stdin)))
