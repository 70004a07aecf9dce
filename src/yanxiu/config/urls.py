"""Every address of the site: the faces' declared routes, nothing else."""

from yanxiu.faces.frame.routes import to_patterns
from yanxiu.faces.intake.urls import ROUTES as INTAKE
from yanxiu.faces.learner.urls import ROUTES as LEARNER
from yanxiu.faces.portal.urls import ROUTES as PORTAL
from yanxiu.faces.staff.urls import ROUTES as STAFF

# In the order in which Django looks: opening a session of study is asked for most, and no other address begins like it.
ROUTES = {"intake": INTAKE, "portal": PORTAL, "learner": LEARNER, "staff": STAFF}

urlpatterns = to_patterns(ROUTES)
handler400 = "yanxiu.faces.frame.errors.bad_request"
handler404 = "yanxiu.faces.frame.errors.not_found"
handler403 = "yanxiu.faces.frame.errors.forbidden"
handler500 = "yanxiu.faces.frame.errors.server_error"
