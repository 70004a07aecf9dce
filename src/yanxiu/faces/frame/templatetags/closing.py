"""`{% load closing %}{% while_open %}…{% endwhile_open %}`: the inside of a page, without the forms that its class refuses.

In the pages of a class whose data are frozen every form that posts goes, and one sentence says why and since when; the page
stays readable. Forms that post to no address of the class (looking for somebody) stay, and one that is taken longer says
until which state: <form method="post" data-until="reported">. Stands once, in frame/layout.html: no page can forget it.
"""

import re
from datetime import datetime
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yanxiu.faces.frame.templatetags.frame import icon
from yanxiu.training.classes.editing.queries import closed_since
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import is_closed, local_text

__all__ = ["while_open"]

register = template.Library()
FACES = frozenset({"staff", "learner"})
_RANK = {"frozen": 1, "reported": 2, "archived": 3}
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_ELSEWHERE = re.compile(r'action="/(?!staff/|my/)')
_UNTIL = re.compile(r'data-until="(\w+)"')
# a form that is a card holds what was decided or begun: its fields are read on, as labels and values
_CARD = re.compile(r'class="(card[^"]*)"')
_HEADING = re.compile(r'<div class="hd">.*?</div>|<h2[^>]*>.*?</h2>', re.DOTALL)
_FIELD = re.compile(
    r'<label for="([^"]+)"[^>]*>([^<]*)</label>\s*'
    r'(?:<textarea\b[^>]*>\s*(?P<text>.*?)\s*</textarea>|<input\b[^>]*\bvalue="(?P<value>[^"]*)"'
    r"|<select\b[^>]*>(?:(?!</select>).)*?<option[^>]*\bselected[^>]*>(?P<chosen>[^<]*)</option>.*?</select>)",
    re.DOTALL,
)
_TICKED = re.compile(r"<label class=\"opt[^>]*><input\b[^>]*\bchecked[^>]*>(?:<span>)?([^<]*)")
# what is left of a place that held nothing but a form
_EMPTY = (
    re.compile(r"<details[^>]*>\s*<summary[^>]*>(?:(?!</summary>).)*</summary>\s*</details>", re.DOTALL),
    re.compile(r"<section[^>]*>\s*(?:<div class=\"hd\">)?\s*<h2[^>]*>[^<]*</h2>\s*(?:</div>)?\s*</section>"),
    re.compile(r"<p(?: class=\"[^\"]*\")?>\s*</p>"),
)


def _class_of(context: template.Context) -> TrainingClass | None:
    """The class a page of the two faces is about."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or match.namespace not in FACES:
        return None
    named: list[Any] = [context.get(name) for name in ("class", "cls", "training_class")]
    return next((each for each in named if isinstance(each, TrainingClass)), None)


def _why(class_: TrainingClass, since: datetime | None) -> SafeString:
    what = {
        TrainingClass.State.FROZEN: _("本班数据已冻结"), TrainingClass.State.REPORTED: _("本班已结班"),
    }.get(TrainingClass.State(class_.state), _("本班已归档"))  # fmt: skip
    day = "" if since is None else _("（%(at)s）") % {"at": local_text(since, class_.zone)}
    words = _("%(what)s%(day)s，内容只供阅读，不再接收提交和修改；有差错请联系班主任。")
    return format_html(
        '<p class="note i" id="closed" role="note">{}<span>{}</span></p>',
        icon("lock"),
        words % {"what": what, "day": day},
    )


def _read_only(attributes: str, inside: str) -> str:
    """Heading, labels and values of a form that was a card; nothing of any other, and nothing of an empty one."""
    card = _CARD.search(attributes)
    if card is None:
        return ""
    fields = [
        (each[2], each["text"] or each["value"] or each["chosen"] or "") for each in _FIELD.finditer(inside)
    ]  # fmt: skip
    rows = [f"<dt>{label}</dt><dd>{value}</dd>" for label, value in fields if value]
    rows += [f"<dt></dt><dd>{words}</dd>" for words in _TICKED.findall(inside) if words.strip()]
    if not rows:
        return ""
    heading = _HEADING.search(inside)
    return f'<section class="{card[1]}">{heading[0] if heading else ""}<dl class="kv">{"".join(rows)}</dl></section>'


def shut(html: str, state: str) -> tuple[str, int]:
    """The page without what is refused, and how many forms went. What stood in a form that was a card stays to be read."""
    gone = 0

    def told(found: re.Match[str]) -> str:
        nonlocal gone
        attributes, inside = found.group(1), found.group(2)
        if 'method="post"' not in attributes or _ELSEWHERE.search(attributes):
            return found.group(0)
        until = _UNTIL.search(attributes)
        if until and _RANK[until.group(1)] >= _RANK[state]:
            return found.group(0)
        gone += 1
        return _read_only(attributes, inside)

    left = _FORM.sub(told, html)
    if gone:
        for _again in range(2):
            for empty in _EMPTY:
                left = empty.sub("", left)
    return left, gone


class _WhileOpen(template.Node):
    child_nodelists = ("nodelist",)  # the blocks inside are those of the layout

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        html, class_ = self.nodelist.render(context), _class_of(context)
        if class_ is None or not is_closed(class_):
            return html
        left, gone = shut(html, class_.state)
        return mark_safe(_why(class_, closed_since(class_)) + left) if gone else html  # noqa: S308  (rendered by us, parts left out)


@register.tag
def while_open(parser: Parser, token: Token) -> _WhileOpen:
    """See the module."""
    nodelist = parser.parse(("endwhile_open",))
    parser.delete_first_token()
    return _WhileOpen(nodelist)
