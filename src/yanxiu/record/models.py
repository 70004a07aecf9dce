"""Every table of the wing, by room."""

from yanxiu.record.reports.models import FrozenFigure, Report

__all__ = ["FrozenFigure", "Report"]
