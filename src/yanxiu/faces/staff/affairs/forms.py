"""Plain forms of this area."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.faces.frame.forms import CheckedForm
from yanxiu.kit.errors import Refused
from yanxiu.training.participation.questions import Question

__all__ = ["SurveyForm", "WindowForm"]


_KINDS = {"量表": "scale", "单选": "choice", "文字": "text", "scale": "scale", "choice": "choice", "text": "text"}


class WindowForm(CheckedForm):
    """选课的时间与门数."""

    opens_on = forms.DateField(label=gettext_lazy("选课开始"))
    closes_on = forms.DateField(label=gettext_lazy("选课结束"))
    least = forms.IntegerField(label=gettext_lazy("至少门数"), min_value=0, max_value=200)
    most = forms.IntegerField(label=gettext_lazy("至多门数"), min_value=1, max_value=200)
    places = forms.IntegerField(label=gettext_lazy("每门名额"), min_value=1, max_value=1_000_000, required=False)


class SurveyForm(CheckedForm):
    """A survey, one question a line: 「量表｜words」, 「单选｜words｜option｜option」, 「文字｜words」."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    opens_on = forms.DateField(label=gettext_lazy("开始"))
    closes_on = forms.DateField(label=gettext_lazy("结束"))
    questions = forms.CharField(label=gettext_lazy("题目"), max_length=20_000)

    def asked(self) -> list[Question]:
        """The questions; Refused with the number of a line that cannot be read."""
        found = []
        lines = [line.strip() for line in str(self.cleaned_data["questions"]).splitlines() if line.strip()]
        for num, line in enumerate(lines, start=1):
            kind, *rest = [part.strip() for part in line.replace("|", "｜").split("｜")]
            if kind not in _KINDS or not rest:
                message = _("第 %(num)d 行看不懂：请以“量表｜”“单选｜”或“文字｜”开头，再写题目。")
                raise Refused("bad_questions", message % {"num": num}, field="questions")
            found.append(Question(_KINDS[kind], rest[0], tuple(rest[1:])))
        return found
