"""How static files are named and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CompressedManifest(CompressedManifestStaticFilesStorage):
    """Hashed names and brotli; a missing file fails at collectstatic, not on a page."""

    manifest_strict = True
