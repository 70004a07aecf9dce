"""Static files under hashed names, module imports included."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

__all__ = ["ModuleManifestStorage"]


class ModuleManifestStorage(ManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` too, so that a browser never mixes two releases of a page module."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The plain name while nothing has been collected yet (tests, commands), instead of an error on every page."""
        return str(super().stored_name(name)) if self.hashed_files else name

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """django-htmx ships an extension whose comment reads like an import of a file that is not there: leave that be."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if name.startswith("django_htmx/"):
                return name
            raise
