"""Scripts of ours as they travel: without comments; and the modules of a page in one file, asked for once."""

import posixpath
import re
from collections.abc import Callable

import rjsmin

__all__ = ["light", "together"]

_IMPORT = re.compile(r'import\{([\w$,]+)\} ?from ?"(\./[\w.-]+)";')
_EXPORT = re.compile(r"\bexport (?=(?:class|const) ([\w$]+))")
_LEFT = re.compile(r"\b(?:import|export|await using)\b")


def light(source: str) -> str:
    """Without comments and blank space; every other token stays as it is."""
    return str(rjsmin.jsmin(source))


def together(entry: str, read: Callable[[str], str]) -> str:
    """The module with all it imports, each in a scope of its own. Made for how we write, ValueError for anything else:
    imports of names first, exported classes and constants, no circles.
    """
    done: dict[str, str] = {}
    parts: list[str] = []

    def variable(name: str, above: tuple[str, ...]) -> str:
        if name in above:
            raise ValueError(f"{name} imports itself by way of {' and '.join(above)}")
        if name not in done:
            body, names = scope(name, above)
            done[name] = f"$module{len(done)}"
            parts.append(f"const {done[name]}=(()=>{{{body}\nreturn{{{','.join(names)}}}}})();")
        return done[name]

    def scope(name: str, above: tuple[str, ...]) -> tuple[str, list[str]]:
        text, head = light(read(name)), ""
        while found := _IMPORT.match(text):
            there = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
            head += f"const{{{found[1]}}}={variable(there, (*above, name))};"
            text = text[found.end() :]
        names = _EXPORT.findall(text)
        text = _EXPORT.sub("", text)
        if _LEFT.search(text) or "$module" in text:
            raise ValueError(f"{name}: imports or exports in a way that cannot be put together")
        return head + text, names

    body, _names = scope(entry, ())
    return "".join([*parts, body])
