"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.certificates import views

_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"
_HERE = "staff/classes/<slug:key>/certificates"

ROUTES: tuple[Route, ...] = (
    Route(_HERE, views.certificates, "certificates", "staff", _VIEW),
    Route(f"{_HERE}/issue", views.issue, "certificates_issue", "staff", _MANAGE, ("POST",), fresh=True),
    Route(f"{_HERE}/<uuid:certificate>", views.download, "certificate", "staff", _VIEW),
    Route(
        f"{_HERE}/<uuid:certificate>/revoke",
        views.revoke,
        "certificate_revoke",
        "staff",
        _MANAGE,
        ("POST",),
        fresh=True,
    ),
    Route(
        f"{_HERE}/<uuid:certificate>/reissue",
        views.reissue,
        "certificate_reissue",
        "staff",
        _MANAGE,
        ("POST",),
        fresh=True,
    ),
)
