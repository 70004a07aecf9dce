"""No name and no phone of anybody in any address: forms that look for people post what was typed."""

import re
from pathlib import Path

import yanxiu

FACES = Path(yanxiu.__file__).parent / "faces"
# What forms may put into an address. A line is a decision: none of these is ever the name, phone or mail of a person.
IN_ADDRESSES = {
    "learner/writing/versions.html": {"a", "b"},
    "staff/writing/versions.html": {"a", "b"},
    "staff/exams/bank.html": {"kind", "tag", "q"},  # words of a question; ids of questions for a new exam
    "portal/registry/units.html": {"region", "q"},  # a unit
}
PERSONAL = ("name", "who", "phone", "email", "mail", "person")


def _forms() -> list[tuple[str, str, str]]:
    """(template, opening tag, what is inside) of every form."""
    found = []
    for path in sorted(FACES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        name = path.as_posix().rpartition("/templates/")[2]
        found += [
            (name, opening, inside) for opening, inside in re.findall(r"(<form\b[^>]*>)(.*?)</form>", text, re.DOTALL)
        ]
    return found


def test_a_form_says_how_it_is_sent_and_only_the_listed_ones_go_into_an_address() -> None:
    fields: dict[str, set[str]] = {}
    forms = _forms()
    assert len(forms) > 100
    for template, opening, inside in forms:
        assert 'method="' in opening, f"{template}: {opening}"
        if 'method="get"' in opening:
            fields.setdefault(template, set()).update(
                re.findall(r'<(?:input|select|textarea|button)\b[^>]* name="(\w+)"', inside)
            )
    assert fields == IN_ADDRESSES


def test_no_link_carries_a_field_of_a_person() -> None:
    pattern = re.compile(rf"""(?:[?&]|&amp;)({"|".join(PERSONAL)})=""")
    for path in (*FACES.rglob("*.html"), *FACES.rglob("*.py"), *FACES.rglob("*.js")):
        assert pattern.findall(path.read_text(encoding="utf-8")) == [], path


def test_no_view_reads_a_person_from_an_address() -> None:
    pattern = re.compile(rf"""GET(?:\.get\(|\[|\.getlist\()["']({"|".join(PERSONAL)})["']""")
    for path in FACES.rglob("*.py"):
        assert pattern.findall(path.read_text(encoding="utf-8")) == [], path
