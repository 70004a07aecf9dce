"""Static files under hashed names, module imports included; our scripts made light, texts with a compressed copy beside them."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File

from yanxiu.config.serving.scripts import light, together

__all__ = ["ModuleManifestStorage"]

# Comments that read like imports, and modules that are meant for an import map we do not have.
_LEFT_BE = ("django_htmx/", "django_prose_editor/django-prose-editor/")
_OTHERS = "django_"  # made small by those who made them
_TEXTS = frozenset({".css", ".js", ".svg"})
_WORTH_IT = 1024


# Pages whose modules travel as one: no other script of theirs may import the same modules, each copy has its own state.
_TOGETHER = frozenset(
    {"learner/player/player.js", "learner/player/reader.js", "learner/exams/sitting.js", "frame/autosave.js"}
)


class _Light:
    """Where a script of ours is read from, as it is to travel."""

    def __init__(self, name: str, paths: dict[str, Any]) -> None:
        self._name, self._paths = name, paths

    def open(self, path: str) -> File[Any]:
        text = together(self._name, self._read) if self._name in _TOGETHER else light(self._read(self._name))
        return ContentFile(text.encode(), path)

    def _read(self, name: str) -> str:
        source, path = self._paths[name]
        with source.open(path) as file:
            return str(file.read().decode())


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
            name: (_Light(name, paths), path)
            for name, (_source, path) in paths.items()
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
