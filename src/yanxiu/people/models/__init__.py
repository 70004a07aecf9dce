"""Tables of the wing `people`."""

from yanxiu.people.models.accounts import (
    Account,
    FamiliarAddress,
    Invite,
    InviteRequest,
    MailLink,
    SessionRecord,
    SignInFailure,
)
from yanxiu.people.models.factors import Passkey, RecoveryCode, TotpDevice
from yanxiu.people.models.personal import Correction, ErasureRequest, NoticeAnswer, Takeout
from yanxiu.people.models.who import Organisation, Person, Region, RegionRole

__all__ = [
    "Account",
    "Correction",
    "ErasureRequest",
    "FamiliarAddress",
    "Invite",
    "InviteRequest",
    "MailLink",
    "NoticeAnswer",
    "Organisation",
    "Passkey",
    "Person",
    "RecoveryCode",
    "Region",
    "RegionRole",
    "SessionRecord",
    "SignInFailure",
    "Takeout",
    "TotpDevice",
]
