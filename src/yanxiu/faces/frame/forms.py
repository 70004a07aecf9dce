"""A plain form whose first mistake becomes a refusal, as everything else that is refused."""

from typing import Any

from django import forms

from yanxiu.kit.errors import Refused

__all__ = ["CheckedForm"]


class CheckedForm(forms.Form):
    """`values()` instead of is_valid() and cleaned_data."""

    def values(self) -> dict[str, Any]:
        """The cleaned values; Refused with the first mistake, naming its field."""
        if self.is_valid():
            return self.cleaned_data
        field, errors = next(iter(self.errors.items()))
        label = self.fields[field].label if field in self.fields else None
        raise Refused("invalid", f"{label}：{errors[0]}" if label else str(errors[0]), field=field)
