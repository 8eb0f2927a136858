"""Selection, naming and compression of the served static files."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder, FileSystemFinder
from django.contrib.staticfiles.utils import get_files
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Files of npm packages that our pages name, and their source maps; no other file of a package is served.
SERVED_NPM_FILES = {
    "npm/barcode-detector/ponyfill.js",
    "npm/bootstrap/css/bootstrap.min.css",
    "npm/bootstrap/css/bootstrap.min.css.map",
    "npm/htmx/htmx.min.js",
    "npm/zxing-wasm/zxing_reader.wasm",
}
# Django apps whose pages we do not show: their scripts and styles would only take time to compress.
UNSERVED_APPS = {"django_htmx", "django_tables2", "rest_framework"}


class CompressedManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Storage with hashed names and Brotli compression.

    A missing file fails at collectstatic, not on a page.
    """

    manifest_strict = True
    # Not the mode of uploads: root collects these files, and the user of the service, who may be another, serves them.
    file_permissions_mode = 0o644

    def create_compressor(self, **how: Any) -> Compressor:
        """Return the package's compressor, set to skip source maps.

        Only developers load source maps, so compressing them would save no reader any time.
        """
        return Compressor(**how | {"extensions": (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")})


class ProjectFilesFinder(FileSystemFinder):
    """Finder of STATICFILES_DIRS that takes only the named files of npm packages."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield each file with its storage."""
        for path, storage in super().list(ignore_patterns):
            prefix = getattr(storage, "prefix", "") or ""
            if not prefix or f"{prefix}/{path}" in SERVED_NPM_FILES:
                yield path, storage


class AppFilesFinder(AppDirectoriesFinder):
    """Finder of the static files of the apps whose pages are shown.

    Skips the long form of a script if its minified form is beside it.
    """

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield each file with its storage."""
        for app, storage in self.storages.items():
            if app.rpartition(".")[2] not in UNSERVED_APPS and storage.exists(""):
                paths = set(get_files(storage, ignore_patterns))
                short = {f"{path.removesuffix('.min.js')}.js" for path in paths if path.endswith(".min.js")}
                yield from ((path, storage) for path in sorted(paths - short))
