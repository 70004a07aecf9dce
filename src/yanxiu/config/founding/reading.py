"""The file an installation is founded from, read and checked before anything is written."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["BadPlan", "Plan", "PlannedPerson", "PlannedRegion", "PlannedUnit", "read_plan"]

_LEVELS = {"省": "province", "市": "city", "县": "county", "province": "province", "city": "city", "county": "county"}
_KINDS = {
    "学校": "school",
    "教育局": "bureau",
    "培训机构": "institute",
    "school": "school",
    "bureau": "bureau",
    "institute": "institute",
}
_ROLES = frozenset({"organiser", "auditor", "system_admin", "security_admin", "audit_admin"})


class BadPlan(Exception):
    """What is wrong, where, and what to do, in Chinese; one line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class PlannedRegion:
    code: str
    name: str
    level: str
    parent: str  # code, "" at the top


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    name: str
    kind: str
    region: str


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """`roles`: (role, region code) each."""

    name: str
    phone: str
    unit: str
    post_title: str
    roles: tuple[tuple[str, str], ...]


@dataclass
class Plan:
    regions: list[PlannedRegion] = field(default_factory=list)
    units: list[PlannedUnit] = field(default_factory=list)
    people: list[PlannedPerson] = field(default_factory=list)


def _text(row: Any, name: str, where: str, faults: list[str], *, required: bool = True) -> str:
    value = row.get(name, "") if isinstance(row, dict) else ""
    if not isinstance(value, str) or (required and not value.strip()):
        faults.append(f"{where}：{name} 没有填，或不是文字（加引号）。")
        return ""
    return value.strip()


def _choice(row: Any, name: str, table: dict[str, str], where: str, faults: list[str]) -> str:
    value = _text(row, name, where, faults)
    if value and value not in table:
        faults.append(f"{where}：{name} 写的是“{value}”，应为 {'、'.join(k for k in table if not k.isascii())}。")
    return table.get(value, "")


def _regions(rows: list[Any], faults: list[str]) -> list[PlannedRegion]:
    found: list[PlannedRegion] = []
    for num, row in enumerate(rows, start=1):
        where = f"第 {num} 个 [[regions]]"
        made = PlannedRegion(
            _text(row, "code", where, faults), _text(row, "name", where, faults),
            _choice(row, "level", _LEVELS, where, faults), _text(row, "parent", where, faults, required=False),
        )  # fmt: skip
        if made.parent and made.parent not in {each.code for each in found}:
            faults.append(f"{where}：上级地区 {made.parent} 要写在它的前面。")
        if made.code in {each.code for each in found}:
            faults.append(f"{where}：代码 {made.code} 重复。")
        found.append(made)
    return found


def _roles(row: Any, where: str, codes: set[str], faults: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in row.get("roles", []) if isinstance(row, dict) else []:
        role, at, code = str(text).partition("@")
        if role not in _ROLES or not at or code not in codes:
            faults.append(f"{where}：角色“{text}”应写成 角色@地区代码，角色为 {'、'.join(sorted(_ROLES))}。")
        found.append((role, code))
    return tuple(found)


def _people(rows: list[Any], units: set[str], codes: set[str], faults: list[str]) -> list[PlannedPerson]:
    found: list[PlannedPerson] = []
    for num, row in enumerate(rows, start=1):
        where = f"第 {num} 个 [[people]]"
        made = PlannedPerson(
            _text(row, "name", where, faults), _text(row, "phone", where, faults), _text(row, "unit", where, faults),
            _text(row, "post_title", where, faults, required=False), _roles(row, where, codes, faults),
        )  # fmt: skip
        if made.unit and made.unit not in units:
            faults.append(f"{where}：单位“{made.unit}”不在 [[units]] 里。")
        if made.phone in {each.phone for each in found}:
            faults.append(f"{where}：手机号重复。")
        found.append(made)
    return found


def read_plan(path: Path) -> Plan:
    """Everything wrong with the file at once, as BadPlan; OSError where it cannot be read."""
    raw = path.read_bytes()
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadPlan(["文件不是 UTF-8 编码；请另存为 UTF-8 再试。"]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadPlan([f"文件不是有效的 TOML：{error}"]) from None
    faults = [
        f"不认识 [[{name}]]；只有 regions、units、people。"
        for name in table
        if name not in {"regions", "units", "people"}
    ]
    parts = {name: table.get(name, []) for name in ("regions", "units", "people")}
    for name, rows in parts.items():
        if not isinstance(rows, list):
            faults.append(f"{name} 要写成 [[{name}]]（两层方括号）。")
            parts[name] = []
    plan = Plan(regions=_regions(parts["regions"], faults))
    codes = {region.code for region in plan.regions}
    for num, row in enumerate(parts["units"], start=1):
        where = f"第 {num} 个 [[units]]"
        unit = PlannedUnit(
            _text(row, "name", where, faults), _choice(row, "kind", _KINDS, where, faults),
            _text(row, "region", where, faults),
        )  # fmt: skip
        if unit.region and unit.region not in codes:
            faults.append(f"{where}：地区 {unit.region} 不在 [[regions]] 里。")
        plan.units.append(unit)
    plan.people = _people(parts["people"], {unit.name for unit in plan.units}, codes, faults)
    if faults:
        raise BadPlan(faults)
    if not plan.regions:
        raise BadPlan(["文件里没有 [[regions]]；至少要有一个地区。"])
    return plan
