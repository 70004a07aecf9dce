"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.portal.office import corrections
from yanxiu.faces.portal.registry import views

__all__ = ["ROUTES"]

BOTH = ("GET", "POST")
PEOPLE = "people.administer_people"

ROUTES: tuple[Route, ...] = (
    Route("administer/units", views.units, "units", "signed_in", PEOPLE, BOTH),
    Route("administer/people", views.people, "people", "signed_in", PEOPLE, BOTH),
    Route("administer/people/<uuid:uuid>", views.person, "person", "signed_in", PEOPLE, BOTH, fresh=True),
    Route(
        "administer/corrections",
        corrections.corrections,
        "region_corrections",
        "signed_in",
        "people.administer_security",
        BOTH,
    ),
    Route("administer/roles", views.roles, "roles", "signed_in", PEOPLE),
)
