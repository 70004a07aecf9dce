"""Every row of a roster against the others and against the database: what would be done, or what is wrong and what to do."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from yanxiu.people.models import Organisation, Person
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.roster.files import RosterFile, RosterRow

__all__ = ["Checked", "RosterError", "Wanted", "check_roster"]

_PHONE = re.compile(r"1\d{10}")
_LABELS = {"name": "姓名", "phone": "手机", "organisation": "单位", "post_title": "职务"}
_LONGEST = {"name": 50, "organisation": 100, "post_title": 60}


@dataclass(frozen=True, slots=True)
class RosterError:
    """One thing wrong in one row: `field` is the column's heading."""

    row: int
    field: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.row} 行“{self.field}”：{self.message}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row without faults: who is to be nominated by whom. `person` is None for somebody not known yet."""

    row: RosterRow
    phone: str
    organisation: Organisation
    person: Person | None


@dataclass(frozen=True, slots=True)
class Checked:
    """`already` counts rows that name somebody who is in the class as they stand."""

    wanted: tuple[Wanted, ...]
    already: int
    errors: tuple[RosterError, ...]


def _phone(text: str) -> str:
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    return digits.removeprefix("+86") if digits.startswith("+86") else digits


def _batches(values: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


class _Books:
    """What the database says about the names and phones of one file, in few statements."""

    def __init__(self, training_class: TrainingClass, phones: set[str]) -> None:
        self.organisations: dict[str, list[Organisation]] = defaultdict(list)
        for unit in Organisation.objects.filter(region__path__startswith=training_class.region.path):
            self.organisations[unit.name].append(unit)
        self.persons: dict[str, Person] = {}
        for batch in _batches(sorted(phones)):
            self.persons |= {p.phone: p for p in Person.objects.filter(phone__in=batch) if p.phone}
        states = Enrolment.objects.filter(training_class=training_class).values_list("person_id", "state")
        self.enrolled: dict[int, str] = dict(states)


Fault = tuple[str, str, str]  # column, code, message


def _unit_faults(name: str, books: _Books) -> Iterator[Fault]:
    units = books.organisations.get(name, [])
    if not name:
        yield "organisation", "missing_organisation", _("没有填写单位，请补上。")
    elif not units:
        yield "organisation", "unknown_organisation", _("本地区没有登记这个单位，请核对全称，或请系统管理员先登记。")
    elif len(units) > 1:
        yield "organisation", "ambiguous_organisation", _("本地区有几个同名单位，请系统管理员先改成可以区分的名称。")


def _phone_faults(row: RosterRow, phone: str, books: _Books) -> Iterator[Fault]:
    if not phone:
        yield "phone", "missing_phone", _("没有填写手机号，请补上。")
    elif not _PHONE.fullmatch(phone):
        yield "phone", "bad_phone", _("应为 11 位手机号，请核对（不要写座机、多个号码或科学计数法）。")
    person = books.persons.get(phone)
    if person is not None and row.name and person.name != row.name:
        yield "phone", "phone_of_other", _("这个手机号已登记在另一个姓名下，请核对姓名和手机号。")
    elif person is not None and books.enrolled.get(person.pk) == Enrolment.State.WITHDRAWN:
        yield "name", "withdrawn", _("此人已从本班退班，不能用名单恢复；请从名单中删去此行，需要时由班主任单独恢复。")


def _faults(row: RosterRow, phone: str, books: _Books) -> Iterator[Fault]:
    """Everything wrong with the row by itself."""
    if not any(unicodedata.category(char)[0] == "L" for char in row.name):
        yield "name", "missing_name", _("没有填写姓名，请补上。")
    for key, most in _LONGEST.items():
        if len(getattr(row, key)) > most:
            yield key, "too_long", _("最多 %(most)d 个字，请缩短。") % {"most": most}
    yield from _phone_faults(row, phone, books)
    yield from _unit_faults(row.organisation, books)


def _formula_errors(file: RosterFile) -> dict[int, list[RosterError]]:
    message = _("单元格里是公式（或以 = + - @ 开头），请改成普通文字：复制后选择性粘贴为数值。")
    found: dict[int, list[RosterError]] = defaultdict(list)
    for row, key in file.formulas:
        found[row].append(RosterError(row, _LABELS.get(key, _("其他列")), "formula", message))
    return found


def check_roster(training_class: TrainingClass, file: RosterFile) -> Checked:
    """Reads only. Rows come back either wanted, or counted as already in the class, or with all of their errors."""
    phones = {row.number: _phone(row.phone) for row in file.rows}
    books = _Books(training_class, set(phones.values()))
    by_row = _formula_errors(file)
    first_with: dict[str, int] = {}
    wanted: list[Wanted] = []
    already = 0
    for row in file.rows:
        phone, errors = phones[row.number], by_row[row.number]
        in_formula = {error.field for error in errors}
        errors += [
            RosterError(row.number, _LABELS[key], code, message)
            for key, code, message in _faults(row, phone, books)
            if _LABELS[key] not in in_formula
        ]
        first = first_with.setdefault(phone, row.number) if phone else row.number
        if first != row.number:
            message = _("与第 %(row)d 行的手机号重复，请删去一行或改正号码。") % {"row": first}
            errors.append(RosterError(row.number, _LABELS["phone"], "duplicate_phone", message))
        if errors:
            continue
        person = books.persons.get(phone)
        if person is not None and person.pk in books.enrolled:
            already += 1
        else:
            wanted.append(Wanted(row, phone, books.organisations[row.organisation][0], person))
    every = tuple(error for number in sorted(by_row) for error in by_row[number])
    return Checked(tuple(wanted), already, every)
