"""Every table of the wing, by room."""

from yanxiu.record.assessment.setting.models import RuleChange
from yanxiu.record.assessment.standings.models import Standing, StandingsEdition
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.record.reports.models import FrozenFigure, Report

__all__ = ["Certificate", "FrozenFigure", "IssueRun", "Report", "RuleChange", "Standing", "StandingsEdition"]
