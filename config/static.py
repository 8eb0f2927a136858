"""Which static files are served, and how they are named and compressed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder, FileSystemFinder
from django.contrib.staticfiles.utils import get_files
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of others' npm packages, the files our pages name (and the maps that those name); the rest of a package stays unserved.
NPM_SERVED = {
    "npm/bootstrap/css/bootstrap.min.css",
    "npm/bootstrap/css/bootstrap.min.css.map",
    "npm/htmx/htmx.min.js",
    "npm/inter/inter-latin-wght-normal.woff2",
}
# Django apps whose pages we do not show: their scripts and styles would only take time to compress.
UNSERVED_APPS = {"django_htmx", "django_tables2", "rest_framework"}


class CompressedManifest(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed names and brotli; a missing file fails at collectstatic, not on a page."""

    manifest_strict = True

    def create_compressor(self, **how: Any) -> Compressor:
        """As the package makes it, but for the maps: who looks for a fault in a style sheet waits for one, no reader does."""
        return Compressor(**how | {"extensions": (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")})


class OurFiles(FileSystemFinder):
    """STATICFILES_DIRS, with only the named files of npm packages."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Each file with its storage."""
        for path, storage in super().list(ignore_patterns):
            prefix = getattr(storage, "prefix", "") or ""
            if not prefix or f"{prefix}/{path}" in NPM_SERVED:
                yield path, storage


class AppFiles(AppDirectoriesFinder):
    """The static files of apps whose pages are shown, without the long form of a script whose short form lies beside it."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Each file with its storage."""
        for app, storage in self.storages.items():
            if app.rpartition(".")[2] not in UNSERVED_APPS and storage.exists(""):
                paths = set(get_files(storage, ignore_patterns))
                short = {f"{path.removesuffix('.min.js')}.js" for path in paths if path.endswith(".min.js")}
                yield from ((path, storage) for path in sorted(paths - short))
