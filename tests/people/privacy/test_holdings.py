"""What the walk over the tables finds, and what it must never show."""

from typing import Any

from django.apps import apps
from django.db.models import BinaryField, CharField, Field, FileField, ForeignKey, JSONField, Model, TextField

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account, Person
from yanxiu.people.privacy.holdings import fields_of, label_of, owned_tables, settings_of_holdings
from yanxiu.people.privacy.takeout import _row


def test_every_table_of_a_learners_class_is_found() -> None:
    found = {label_of(model) for model in owned_tables()}
    assert {
        "people.person", "people.account", "people.noticeanswer", "people.correction", "people.passkey",
        "training.enrolment", "training.post", "training.outcome", "training.outcomeversion", "training.outcomecomment",
        "training.thoughtreport", "training.examattempt", "training.examanswer", "study.creditcell", "study.uncountedcell",
        "training.notice", "training.classrole",
    } <= found  # fmt: skip
    assert not {"training.trainingclass", "training.exam", "training.question", "people.region"} & found


def test_every_table_with_a_key_to_a_person_is_theirs_or_an_act_in_office() -> None:
    acts = {label_of(m) for m in apps.get_models() if m.__module__.startswith("yanxiu.") and m not in owned_tables()}
    named = {
        label_of(model): {
            f.name for f in fields_of(model) if isinstance(f, ForeignKey) and f.related_model in (Person, Account)
        }
        for model in apps.get_models()
        if label_of(model) in acts and model is not AuditEntry
    }
    owners = set(settings_of_holdings()["owners"])
    skipped = set(settings_of_holdings()["skip"])
    assert {label: names for label, names in named.items() if names & owners and label not in skipped} == {}


def _has_person(model: type[Model]) -> bool:
    """Theirs, or with a key of any name to a person, an account or a place in a class."""
    linked = {"people.person", "people.account", "training.enrolment"}
    keys = (field.related_model for field in fields_of(model) if isinstance(field, ForeignKey))
    return model in owned_tables() or any(isinstance(to, type) and label_of(to) in linked for to in keys)


def _values(model: type[Model]) -> list[Field[Any, Any]]:
    """What may hold a word of somebody; not what is chosen from a list of the program's."""
    kinds = (CharField, TextField, JSONField, FileField, BinaryField)
    return [f for f in fields_of(model) if isinstance(f, kinds) and not f.choices and not f.primary_key]


def _is_erased(model: type[Model], field: Field[Any, Any]) -> bool:
    if model not in owned_tables() or label_of(model) in settings_of_holdings()["official"]:
        return False
    short = settings_of_holdings()["short"].get(label_of(model), ())
    return isinstance(field, TextField | FileField) or field.name in short


def test_every_value_beside_a_person_is_erased_or_named_with_the_reason_why_it_stays() -> None:
    held, open_ones = settings_of_holdings(), set()
    for model in apps.get_models():
        label = label_of(model)
        if model.__module__.startswith("yanxiu.") and label not in held["official"] and _has_person(model):
            kept = held["kept"].get(label, {})
            open_ones |= {
                f"{label}.{f.name}" for f in _values(model) if not _is_erased(model, f) and not kept.get(f.name)
            }
    assert open_ones == set(), "erase them ([short] in holdings.toml), or say in [kept] why they may stay"


def test_no_reason_to_keep_outlives_its_field_or_covers_one_that_is_erased() -> None:
    models = {label_of(model): model for model in apps.get_models()}
    stale = [
        f"{label}.{name}"
        for label, fields in settings_of_holdings()["kept"].items()
        for name in fields
        if name not in {f.name for f in _values(models[label]) if not _is_erased(models[label], f)}
    ]
    assert stale == []


def test_names_in_the_settings_are_of_tables_and_columns_there_are() -> None:
    tables = {label_of(model): {field.name for field in fields_of(model)} for model in apps.get_models()}
    held = settings_of_holdings()
    assert set(held["official"]) | set(held["skip"]) | set(held["names"]) <= set(tables)
    for label, columns in held["short"].items():
        assert set(columns) <= tables[label], label


def test_secrets_are_never_in_the_copy() -> None:
    account = Account(phone="10000000001", password="hash", person_id=1)
    assert "password" not in _row(account)
    assert _row(account)["phone"] == "10000000001"
