"""Forms of the pages: what they hold is checked, and said in the refusal."""

from datetime import date

import pytest
from django import forms

from yanxiu.faces.frame.forms import CheckedForm
from yanxiu.kit.errors import Refused


class DayForm(CheckedForm):
    day = forms.DateField(label="日期")


def test_a_day_nobody_means_is_refused_before_anybody_counts_with_it() -> None:
    assert DayForm({"day": "2017-06-20"}).values() == {"day": date(2017, 6, 20)}
    for typed in ("9999-12-31", "0001-01-01", "20170-6-1"):
        with pytest.raises(Refused, match="日期：") as refused:
            DayForm({"day": typed}).values()
        assert refused.value.field == "day"
