"""What the walk over the tables finds, and what it must never show."""

from django.apps import apps
from django.db.models import ForeignKey

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
