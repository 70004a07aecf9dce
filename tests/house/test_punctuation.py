"""What stands in a template outside its tags is read in every language: no punctuation of one of them alone."""

import re

from house.tree import SOURCE

TAGS = re.compile(
    r"\{% comment.*?endcomment %\}|\{% blocktranslate.*?endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
CHINESE = re.compile(r".{0,20}[，。：；（）“”、？！《》].{0,20}")


def test_no_chinese_punctuation_stands_outside_the_translated_text() -> None:
    found = [
        f"{path.name}: {each}"
        for path in sorted((SOURCE / "faces").rglob("templates/**/*.html"))
        for each in CHINESE.findall(TAGS.sub(" ", path.read_text(encoding="utf-8")))
    ]
    assert found == []
