"""Which rows are whose, found by walking the tables: this wing names no table of the wings above it.

A table is somebody's where a key named in `owners` leads to a person, an account or an enrolment; a table without such a
key is theirs through the table it hangs on (a version on its outcome, an answer on its attempt).
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Field, ForeignKey, Manager, Model, Q, QuerySet

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account, Person

__all__ = ["audit_about", "fields_of", "label_of", "owned", "owned_tables", "rows_in", "settings_of_holdings"]


@lru_cache(maxsize=1)
def settings_of_holdings() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("holdings.toml").read_text(encoding="utf-8"))


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)  # noqa: SLF001  (documented by Django under this name)


def label_of(model: type[Model]) -> str:
    """As in "training.post"."""
    return str(model._meta.label_lower)  # noqa: SLF001  (documented by Django under this name)


def rows_in(model: type[Model]) -> Manager[Any]:
    return model._default_manager  # noqa: SLF001  (documented by Django under this name)


def _tables() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("yanxiu.")]


def _direct(model: type[Model]) -> str:
    """The lookup from a row to a person's id, "" where no key of its own leads to one."""
    owners = settings_of_holdings()["owners"]
    found = {field.name: field for field in fields_of(model) if field.name in owners}
    for name in owners:
        field = found.get(name)
        if isinstance(field, ForeignKey):
            target = field.related_model
            if target is Person:
                return f"{name}_id"
            if target is Account:
                return f"{name}__person_id"
            if isinstance(target, type) and hasattr(target, "person"):
                return f"{name}__person_id"
        elif isinstance(field, BigIntegerField) and name == "person_id":
            return "person_id"
    return ""


@lru_cache(maxsize=1)
def owned_tables() -> dict[type[Model], str]:
    """Every table that holds rows of persons, with the lookup that leads to the person's id."""
    skipped = settings_of_holdings()["skip"]
    found: dict[type[Model], str] = {Person: "id"}
    tables = [model for model in _tables() if label_of(model) not in skipped and model is not AuditEntry]
    found |= {model: path for model in tables if model is not Person and (path := _direct(model))}
    grew = True
    while grew:
        grew = False
        for model in tables:
            path = "" if model in found else _through(model, found)
            if path:
                found[model], grew = path, True
    return found


def _through(model: type[Model], found: dict[type[Model], str]) -> str:
    for field in fields_of(model):
        target = field.related_model if isinstance(field, ForeignKey) else None
        if isinstance(target, type) and target is not model and target in found and target is not Person:
            return f"{field.name}__{found[target]}"
    return ""


def owned(person_id: int) -> Iterator[tuple[type[Model], QuerySet[Any, Any]]]:
    """(table, their rows in it), for every table."""
    for model, path in owned_tables().items():
        yield model, rows_in(model).filter(**{path: person_id}).order_by("pk")


def audit_about(person_id: int) -> QuerySet[AuditEntry]:
    """What they did and what was done to them."""
    account = Account.objects.filter(person_id=person_id).values("pk")
    about = Q(actor_id=person_id) | Q(object_type="person", object_id=person_id)
    about |= Q(object_type="account", object_id__in=account)
    about |= Q(details__person_id=person_id) | Q(details__person=person_id)
    return AuditEntry.objects.filter(about).order_by("position")
