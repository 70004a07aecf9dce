"""The copy of everything held about a person: a ZIP with data.json for machines and index.html for people."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import BinaryField, FileField, Model
from django.template.loader import render_to_string

from yanxiu.core.time import clock
from yanxiu.people.models import Person
from yanxiu.people.privacy.holdings import audit_about, fields_of, label_of, owned, settings_of_holdings

__all__ = ["LARGEST_FILE", "archive", "file_of", "kept_file", "tables_about"]

LARGEST_FILE = 200 * 1024 * 1024


def file_of(uuid: object) -> Path:
    """Where the copy lies until it is fetched."""
    folder = Path(settings.DATA_DIR) / "takeouts"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{uuid}.zip"


def _row(row: Model) -> dict[str, Any]:
    secret = settings_of_holdings()["secret"]
    shown = [f for f in fields_of(type(row)) if not isinstance(f, BinaryField) and f.name not in secret]
    return {field.attname: _plain(field.value_from_object(row)) for field in shown}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _name(label: str) -> str:
    return str(settings_of_holdings()["names"].get(label, label))


def tables_about(person_id: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name of the table, rows), empty tables left out."""
    for model, rows in owned(person_id):
        if label_of(model) in settings_of_holdings()["hidden"]:
            continue
        found = [_row(row) for row in rows.iterator(chunk_size=500)]
        if found:
            yield label_of(model), found
    entries = [_row(entry) for entry in audit_about(person_id).iterator(chunk_size=500)]
    if entries:
        yield "kit.auditentry", entries


def _files(person_id: int) -> Iterator[tuple[str, Path]]:
    """Files handed in, as they lie on the disk."""
    for model, rows in owned(person_id):
        label = label_of(model)
        fields = [field.name for field in fields_of(model) if isinstance(field, FileField)]
        for row in rows if fields else ():
            for file in (getattr(row, name) for name in fields):
                if file and Path(file.path).is_file():
                    yield f"files/{label}-{row.pk}-{Path(file.name).name}", Path(file.path)
        kept = settings_of_holdings()["files"].get(label)
        for row in rows if kept else ():
            path = kept_file(kept, getattr(row, kept["digest"]))
            if path.is_file():
                yield f"files/{label}-{row.pk}-{Path(getattr(row, kept['name'])).name}", path


def kept_file(kept: Mapping[str, str], digest: str) -> Path:
    """Where a file kept by its digest lies."""
    return Path(settings.DATA_DIR) / kept["folder"] / digest[:2] / digest


def _table(label: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": _name(label),
        "label": label,
        "columns": list(rows[0]),
        "rows": [list(row.values()) for row in rows],
    }


def archive(person: Person) -> bytes:
    """The whole ZIP."""
    tables = dict(tables_about(person.pk))
    data = {"made_at": clock.now().isoformat(), "person": str(person.uuid), "tables": tables}
    page = render_to_string(
        "people/takeout.html",
        {"person": person, "made_at": clock.now(), "tables": [_table(*each) for each in tables.items()]},
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        packed.writestr("index.html", page)
        left = LARGEST_FILE
        for name, path in _files(person.pk):
            left -= path.stat().st_size
            if left >= 0:
                packed.write(path, name)
    return stream.getvalue()
