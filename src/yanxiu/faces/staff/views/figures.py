"""One figure: its definition, its rows."""

import sys
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.looking.searching import FIELD, sought
from yanxiu.faces.frame.requests import FrameRequest, wants_fragment
from yanxiu.faces.staff.access import seen_class
from yanxiu.faces.staff.views.pointing import pointed
from yanxiu.faces.staff.wording import wording
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures import queries as figures
from yanxiu.training.classes.models import TrainingClass

__all__ = ["evidence", "evidence_file", "figure", "figure_context"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEALED = 100_000  # rows of evidence whose digest a page works out unasked
WITH_DENOMINATOR = frozenset({"registration_rate", "mean_minutes"})


def _known(training_class: TrainingClass, figure: str) -> None:
    if figure not in figures.profile_of(training_class):
        raise NotVisible


def figure_context(training_class: TrainingClass, figure: str, *, sealed: int = -1) -> dict[str, Any]:
    """What every page of a figure shows: its value and definition; the digest of its evidence where that is at most `sealed` rows."""
    _known(training_class, figure)
    value = figures.figure_value(training_class, figure, most=sealed)
    return {
        "class": training_class,
        "key": figure,
        "value": value,
        "definition": value.definition,
        "wording": wording(value.definition),
        "has_complement": figures.has_complement(figure),
        "at": figures.position(),
    }


def figure(request: FrameRequest, key: str, figure: str) -> HttpResponse:
    """算法, 口径, 证据; with ?fragment=1 the inside of the popover."""
    with snapshot():
        training_class = seen_class(request, key)
        context = figure_context(training_class, figure, sealed=sys.maxsize if request.GET.get("digest") else SEALED)
        if wants_fragment(request):
            return render(request, "staff/_figure.html", context)
        counties = figures.by_county(training_class, figure)
        context["counties"] = counties
        context["most"] = max((row.rows for row in counties), default=0)
    return render(request, "staff/figure.html", context)


def _filters(request: FrameRequest) -> dict[str, str]:
    return {"county": request.GET.get("county", "").strip()[:40], "name": sought(request)}


def _part(request: FrameRequest, figure: str) -> str:
    asked = request.GET.get("part")
    return "denominator" if asked == "denominator" and figure in WITH_DENOMINATOR else "numerator"


def evidence(request: FrameRequest, key: str, figure: str) -> HttpResponse:
    """The rows under a figure, fifty a page."""
    with snapshot():
        training_class = seen_class(request, key)
        context = figure_context(training_class, figure)
        filters, part = _filters(request), _part(request, figure)
        after = request.GET.get("after") or None
        page = figures.evidence_page(training_class, figure, after, 50, filters, part=part)
        rows = pointed(request, page.rows, training_class)
        context |= {
            "rows": rows,
            "page": page,
            "filters": filters,
            "find": request.GET.get(FIELD, ""),
            "part": part,
            "after": after,
        }
        context |= {"has_parts": figure in WITH_DENOMINATOR, "counties": figures.counties(training_class)}
    return render(request, "staff/evidence.html", context)


def evidence_file(request: FrameRequest, key: str, figure: str) -> HttpResponse:
    """All rows as a workbook."""
    training_class = seen_class(request, key)
    _known(training_class, figure)
    name = f"{training_class.key}-{figure}.xlsx"
    content = figures.evidence_xlsx(training_class, figure)
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
