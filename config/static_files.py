"""How static files are named and kept."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's, which also gives a module that another one imports the name with its hash.

    Without it a browser would load such a module under two names, as two modules.
    """

    support_js_module_import_aggregation = True
