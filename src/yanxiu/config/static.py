"""Static files under hashed names, module imports included, each text with a compressed copy beside it."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

__all__ = ["ModuleManifestStorage"]

# Comments that read like imports, and modules that are meant for an import map we do not have.
_LEFT_BE = ("django_htmx/", "django_prose_editor/django-prose-editor/")
_TEXTS = frozenset({".css", ".js", ".svg"})
_WORTH_IT = 1024


class ModuleManifestStorage(ManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` too, so that a browser never mixes two releases of a page module."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The plain name while nothing has been collected yet (tests, commands), instead of an error on every page."""
        return str(super().stored_name(name)) if self.hashed_files else name

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Two packages ship files that seem to import what is not there: leave those be."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if name.startswith(_LEFT_BE):
                return name
            raise

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool] | tuple[str, None, RuntimeError]]:
        """Hashed names first, then `x.js.gz` beside `x.js`, which the server sends to whoever takes it."""
        for done in super().post_process(paths, dry_run=dry_run, **options):
            yield done
            if done[1] and not isinstance(done[2], Exception):
                self._compress(Path(self.path(done[1])))

    def _compress(self, path: Path) -> None:
        copy = path.with_name(f"{path.name}.gz")
        if path.suffix not in _TEXTS or not path.is_file() or path.stat().st_size < _WORTH_IT:
            return
        if not copy.exists() or copy.stat().st_mtime < path.stat().st_mtime:
            copy.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
