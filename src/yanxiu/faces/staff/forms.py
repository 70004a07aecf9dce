"""Plain forms of the staff's pages."""

import base64
import binascii

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.kit.errors import Refused

__all__ = ["NarrativeForm", "RosterForm"]

LARGEST = 5 * 1024 * 1024
CARRIED = 3 * 1024 * 1024  # beyond this the file has to be chosen again


class RosterForm(forms.Form):
    """A file, or the one checked a moment ago carried along in the page: nothing is kept on the server in between."""

    file = forms.FileField(required=False)
    filename = forms.CharField(required=False, max_length=200)
    content = forms.CharField(required=False, widget=forms.HiddenInput)
    missing = gettext_lazy("请选择名册文件（XLSX 或 CSV）。")

    def upload(self) -> tuple[str, bytes]:
        """(name, bytes) of either."""
        if not self.is_valid():
            raise Refused("no_file", str(self.missing), field="file")
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            if (file.size or 0) > LARGEST:
                raise Refused("file_too_large", _("文件超过 5 MB，请拆成几个文件分别导入。"), field="file")
            return file.name or "roster", file.read()
        try:
            carried = base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError):
            carried = b""
        if not carried:
            raise Refused("no_file", str(self.missing), field="file")
        return self.cleaned_data["filename"] or "roster", carried

    def carried(self, name: str, content: bytes) -> dict[str, str] | None:
        """The hidden fields of the second step."""
        if len(content) > CARRIED:
            return None
        return {"filename": name, "content": base64.b64encode(content).decode()}


class NarrativeForm(forms.Form):
    """The text of a report and what is printed around it."""

    narrative = forms.CharField(
        max_length=200_000, strip=False, error_messages={"required": gettext_lazy("正文没有填。")}
    )
    note = forms.CharField(required=False, max_length=2000)
    template = forms.ChoiceField(choices=[("jianbao", gettext_lazy("简报")), ("gongwen", gettext_lazy("公文"))])
    name = forms.CharField(required=False, max_length=60)
    org = forms.CharField(required=False, max_length=60)
    number = forms.CharField(required=False, max_length=40)
    issuer = forms.CharField(required=False, max_length=60)
    issued_on = forms.CharField(required=False, max_length=20)
    sign_org = forms.CharField(required=False, max_length=60)
    report = forms.CharField(required=False, max_length=300)
    issue = forms.CharField(required=False, max_length=300)

    PRINTED = ("name", "org", "number", "issuer", "issued_on", "sign_org", "report", "issue")

    def frontmatter(self, before: dict[str, object]) -> dict[str, object]:
        """What is printed around the text; keys this form does not show (quotations …) stay as they were."""
        shown = {key: self.cleaned_data[key] for key in self.PRINTED}
        shown["signed_on"] = shown["issued_on"] if shown["sign_org"] else ""  # the day under the signature
        return {key: value for key, value in {**before, **shown}.items() if value not in ("", None)}
