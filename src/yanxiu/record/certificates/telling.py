"""Whose certificate it is gets told: of the first one, of another in its place, of one that was revoked."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as _

from yanxiu.record.certificates.models import Certificate
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_issued", "tell_reissued", "tell_revoked"]

PLACE = "result"


def tell_issued(class_: TrainingClass, certificates: Sequence[Certificate]) -> int:
    """A batch at once; the number is on the certificate, not in the notice."""
    words = Words(say(_("您的结业证书已经发放")), say(_("点开可以下载证书；证书上的二维码供他人核验。")), PLACE)
    persons = [certificate.enrolment.person_id for certificate in certificates]
    return notify(persons, "certificate", f"certificate:{class_.pk}", words, class_)


def tell_reissued(certificate: Certificate) -> int:
    words = Words(say(_("您的结业证书已经重新发放")), say(_("请下载新的证书，原来的证书已经作废。")), PLACE)
    key = f"certificate-again:{certificate.pk}"
    return notify([certificate.enrolment.person_id], "certificate", key, words, certificate.training_class)


def tell_revoked(certificate: Certificate) -> int:
    """With the reason."""
    words = Words(say(_("您的结业证书已被撤销")), certificate.revocation_reason, PLACE)
    key = f"certificate-revoked:{certificate.pk}"
    return notify([certificate.enrolment.person_id], "certificate", key, words, certificate.training_class)
