"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.portal.registry import views

__all__ = ["ROUTES"]

BOTH = ("GET", "POST")
PEOPLE = "people.administer_people"

ROUTES: tuple[Route, ...] = (
    Route("administer/units", views.units, "units", "signed_in", PEOPLE, BOTH),
    Route("administer/people", views.people, "people", "signed_in", PEOPLE, BOTH),
    Route("administer/people/<uuid:uuid>", views.person, "person", "signed_in", PEOPLE, BOTH, fresh=True),
    Route("administer/roles", views.roles, "roles", "signed_in", PEOPLE),
)
