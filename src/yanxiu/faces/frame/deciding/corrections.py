"""Listing them, and carrying out what a button says. Whose they are is the caller's question."""

from typing import Any

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import NotVisible
from yanxiu.people.privacy.actions import decide_erasure
from yanxiu.people.privacy.queries import erasure_among, erasures_of_people
from yanxiu.people.profile.corrections import decide_correction
from yanxiu.people.profile.queries import correction_among, corrections_of_people
from yanxiu.people.queries import People

__all__ = ["decide", "waiting"]


def _id(request: FrameRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise NotVisible
    return int(given)


def decide(request: FrameRequest, people: People, region_path: str, class_id: int | None = None) -> None:
    """One of these persons' wishes; they are told. `region_path`: where a unit they name is looked for."""
    reason, approve = request.POST.get("reason", ""), request.POST.get("decision") == "approve"
    if "erasure" in request.POST:
        decide_erasure(request.viewer, erasure_among(people, _id(request, "erasure")), approve=approve, reason=reason)
        return
    decide_correction(
        request.viewer, correction_among(people, _id(request, "correction")), approve=approve, reason=reason,
        region_path=region_path, class_id=class_id,
    )  # fmt: skip


def waiting(request: FrameRequest, people: People) -> dict[str, Any]:
    """For frame/deciding/_corrections.html."""
    page = corrections_of_people(people, after=request.GET.get("after") or None)
    return {"page": page, "erasures": erasures_of_people(people)}
