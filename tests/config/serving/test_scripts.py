"""Scripts as they travel: nothing but comments lost, modules of a page in one file."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment

from yanxiu.config.serving.scripts import light, together

MODULES = {
    "p/a.js": 'import { B, twice } from "./b.js";\nimport { C } from "./c.js";\n/** @type {B} */\nconst b = new B();\nreport([b.n, twice(4), C.x]);\n',
    "p/b.js": 'import { C } from "./c.js";\n// counts\nconst hidden = 2;\nexport class B { n = C.x + hidden; }\nexport const twice = (n) => n * hidden\n',
    "p/c.js": "let hidden = 40;\nhidden += 1;\nexport const C = { x: hidden };\n",
}


def tokens(source: str) -> list[str]:
    """As another reader of the language sees them, semicolons aside."""
    found = JavascriptLexer().get_tokens(source)
    return [text for kind, text in found if kind not in Comment and text.strip(" \t\n;")]


def ours() -> list[Path]:
    folders = [Path(app.path, "static") for app in apps.get_app_configs() if app.name.startswith("yanxiu.")]
    return [path for folder in folders for path in sorted(folder.rglob("*.js"))]


def test_of_no_script_of_ours_more_is_lost_than_comments_and_blank_space() -> None:
    """The minifier looks at no grammar: a comment inside a template inside a template, or 2 / /x/, would deceive it."""
    assert len(ours()) > 15
    for path in ours():
        source = path.read_text(encoding="utf-8")
        assert tokens(light(source)) == tokens(source), path.name
    assert tokens(light("x = 2 / /a/.source")) != tokens("x = 2 / /a/.source")  # it would be seen


@pytest.mark.skipif(
    shutil.which("node") is None, reason="SKIPPED: the other lexer needs node, which is not on this machine"
)
def test_modules_put_together_do_what_they_did_apart(tmp_path: Path) -> None:
    text = together("p/a.js", MODULES.__getitem__)
    assert "import" not in text
    file = tmp_path / "a.mjs"
    file.write_text(f"const report = (x) => console.log(JSON.stringify(x));\n{text}")
    done = subprocess.run(["node", str(file)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [43, 8, 41]
    assert text.count("41") == 0
    assert text.count("let hidden=40") == 1  # C is there once, however many import it


@pytest.mark.parametrize(
    "source",
    [
        'import b from "./b.js";',
        'import * as b from "./b.js";',
        'import { B as b } from "./b.js";',
        'const x = 1;\nimport { B } from "./b.js";',
        'await import("./b.js");',
        "export default 3;",
        "export let n = 1;",
        "export { x };",
        'import { A } from "./a.js";',
    ],
)
def test_what_cannot_be_put_together_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"p/a\.js"):
        together("p/a.js", {**MODULES, "p/a.js": source}.__getitem__)
