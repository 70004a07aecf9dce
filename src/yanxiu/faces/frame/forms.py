"""A plain form whose first mistake becomes a refusal, as everything else that is refused."""

from datetime import date
from typing import Any

from django import forms

from yanxiu.kit.errors import Refused

__all__ = ["YEARS", "CheckedForm"]

YEARS = range(1900, 3000)  # nobody means another, and the calendar ends at 9999: no day follows its last


class CheckedForm(forms.Form):
    """`values()` instead of is_valid() and cleaned_data."""

    def values(self) -> dict[str, Any]:
        """The cleaned values; Refused with the first mistake, naming its field."""
        if self.is_valid():
            self._require_years()
            return self.cleaned_data
        field, errors = next(iter(self.errors.items()))
        label = self.fields[field].label if field in self.fields else None
        raise Refused("invalid", f"{label}：{errors[0]}" if label else str(errors[0]), field=field)

    def _require_years(self) -> None:
        for name, value in self.cleaned_data.items():
            if isinstance(value, date) and value.year not in YEARS:
                label, message = self.fields[name].label, self.fields[name].error_messages["invalid"]
                raise Refused("invalid", f"{label}：{message}" if label else str(message), field=name)
