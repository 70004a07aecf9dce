"""What stood in a form is still read when its class is over, each value under its own label."""

from yanxiu.faces.frame.templatetags.closing import shut

OPTIONS = '<option value="1">一</option><option value="2"{}>二</option>'


def _field(name: str, inside: str) -> str:
    return f'<div class="field"><label for="{name}">{name}</label><select id="{name}">{inside}</select></div>'


def test_a_choice_nobody_made_takes_no_other_fields_value() -> None:
    fields = [_field("a", OPTIONS.format("")), _field("b", OPTIONS.format(" selected")), _field("c", "")]
    page = f'<form method="post" class="card"><h2>卷</h2>{"".join(fields)}</form>'
    left, gone = shut(page, "frozen")
    assert (left, gone) == (
        '<section class="card"><h2>卷</h2><dl class="kv"><dt>b</dt><dd>二</dd></dl></section>',
        1,
    )
