"""Static files under hashed names, module imports included, our scripts without comments, texts with a compressed copy."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rjsmin
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

__all__ = ["ModuleManifestStorage"]

# Comments that read like imports, and modules that are meant for an import map we do not have.
_LEFT_BE = ("django_htmx/", "django_prose_editor/django-prose-editor/")
_OTHERS = "django_"  # made small by those who made them
_TEXTS = frozenset({".css", ".js", ".svg"})
_WORTH_IT = 1024


class _Light:
    """Where a script of ours is read from: the same without comments, which are half of it."""

    def __init__(self, source: Storage) -> None:
        self._source = source

    def open(self, path: str) -> File[Any]:
        with self._source.open(path) as file:
            return ContentFile(rjsmin.jsmin(file.read().decode()).encode(), path)


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
        light = {
            name: (_Light(source), path)
            for name, (source, path) in paths.items()
            if name.endswith(".js") and not name.startswith(_OTHERS)
        }
        for done in super().post_process(paths | light, dry_run=dry_run, **options):
            yield done
            if done[1] and not isinstance(done[2], Exception):
                self._compress(Path(self.path(done[1])))

    def _compress(self, path: Path) -> None:
        copy = path.with_name(f"{path.name}.gz")
        if path.suffix not in _TEXTS or not path.is_file() or path.stat().st_size < _WORTH_IT:
            return
        if not copy.exists() or copy.stat().st_mtime < path.stat().st_mtime:
            copy.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
