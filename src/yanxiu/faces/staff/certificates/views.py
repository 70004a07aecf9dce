"""The class's certificates for its staff; issuing and revoking for its managers."""

import uuid

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.looking.searching import FIELD, sought
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.kit.errors import Refused
from yanxiu.record.certificates.actions import order_certificates, reissue_certificate, revoke_certificate
from yanxiu.record.certificates.pdf import certificate_pdf
from yanxiu.record.certificates.queries import certificate_counts, certificate_for, certificates_of, latest_run
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed

__all__ = ["certificates", "download", "issue", "reissue", "revoke"]


def _page(request: FrameRequest, class_: TrainingClass, refused: Refused | None = None) -> HttpResponse:
    viewer, q, after = request.viewer, sought(request), request.GET.get("after") or None
    context = {
        "class": class_, "q": q, "find": request.GET.get(FIELD, ""), "after": after, "refused": refused,
        "page": certificates_of(viewer, class_, after=after, q=q), "counts": certificate_counts(viewer, class_),
        "run": latest_run(viewer, class_), "may_manage": can_manage(viewer, class_), "is_frozen": is_closed(class_),
    }  # fmt: skip
    return render(request, "staff/certificates/list.html", context, status=422 if refused else 200)


def _back(key: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("staff:certificates", args=[key]))


def certificates(request: FrameRequest, key: str) -> HttpResponse:
    """By number, a page at a time."""
    return _page(request, seen_class(request, key))


def issue(request: FrameRequest, key: str) -> HttpResponse:
    """For everybody who passed and has none; a large class is issued by the worker while the page shows how far it is."""
    order_certificates(request.viewer, managed_class(request, key))
    return _back(key)


def download(request: FrameRequest, key: str, certificate: uuid.UUID) -> HttpResponse:
    """One as PDF."""
    found = certificate_for(request.viewer, seen_class(request, key), str(certificate))
    response = HttpResponse(certificate_pdf(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return response


def revoke(request: FrameRequest, key: str, certificate: uuid.UUID) -> HttpResponse:
    """With a reason; without one the page says so."""
    class_ = managed_class(request, key)
    found = certificate_for(request.viewer, class_, str(certificate))
    try:
        revoke_certificate(request.viewer, found, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, class_, refused)
    return _back(key)


def reissue(request: FrameRequest, key: str, certificate: uuid.UUID) -> HttpResponse:
    """A new one in place of one revoked."""
    class_ = managed_class(request, key)
    reissue_certificate(request.viewer, certificate_for(request.viewer, class_, str(certificate)))
    return _back(key)
