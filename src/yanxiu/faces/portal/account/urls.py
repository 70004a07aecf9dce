"""Addresses of the account: signed-out ways in, the steps of a first sign-in, one's own pages."""

from yanxiu.faces.frame.routes import PASSWORDS, Route
from yanxiu.faces.portal.account import credentials, factors, first, forgotten, me, passkeys, privacy

_BOTH, _POST = ("GET", "POST"), ("POST",)

ROUTES: tuple[Route, ...] = (
    Route("sign-in/forgot", forgotten.forgot, "forgot", "public", methods=_BOTH),
    Route("sign-in/recovery", forgotten.recovery, "recovery", "public", methods=_BOTH, lanes=PASSWORDS),
    Route("mail/<str:token>", forgotten.mail, "mail", "public", methods=_BOTH, lanes=PASSWORDS),
    Route("passkey/begin", passkeys.begin, "passkey_begin", "public", methods=_POST, lanes=PASSWORDS),
    Route("passkey/finish", passkeys.finish, "passkey_finish", "public", methods=_POST),
    Route("sign-in/second-factor", factors.factor, "factor", "signed_in", methods=_BOTH, open_at=("verify",)),
    Route("first/notice", first.notice, "notice", "signed_in", methods=_BOTH, open_at=("notice",)),
    Route("first/profile", first.confirm, "confirm_profile", "signed_in", methods=_BOTH, open_at=("profile",)),
    Route(
        "first/credential",
        first.credential,
        "credential",
        "signed_in",
        methods=_BOTH,
        open_at=("credential",),
        lanes=PASSWORDS,
    ),
    Route("me", me.me, "me", "signed_in"),
    Route("me/password", credentials.password, "password", "signed_in", methods=_BOTH, lanes=PASSWORDS),
    Route("me/phone", credentials.phone, "phone", "signed_in", methods=_BOTH, lanes=PASSWORDS),
    Route("me/email", credentials.email, "email", "signed_in", methods=_BOTH, lanes=PASSWORDS),
    Route(
        "me/second-factor",
        factors.factors,
        "factors",
        "signed_in",
        methods=_BOTH,
        open_at=("enrol",),
        lanes=PASSWORDS,
    ),
    Route("me/passkeys/remove", passkeys.remove, "passkey_remove", "signed_in", methods=_POST, lanes=PASSWORDS),
    Route("me/sessions", me.sessions, "sessions", "signed_in", methods=_BOTH),
    Route("me/export", privacy.export, "export", "signed_in", methods=_BOTH, open_at=("notice",), lanes=PASSWORDS),
    Route("me/export/<uuid:uuid>", privacy.export_file, "export_file", "signed_in", methods=_POST, open_at=("notice",)),
    Route("me/erase", privacy.erase, "erase", "signed_in", methods=_BOTH, open_at=("notice",), lanes=PASSWORDS),
)
