"""Second factors and passkeys."""

from django.db import models

from yanxiu.people.models.accounts import Account

__all__ = ["Passkey", "RecoveryCode", "TotpDevice"]


class TotpDevice(models.Model):
    """An authenticator app. Unconfirmed until a code of it was typed once; its secret is encrypted where it lies."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="totp")
    sealed = models.BinaryField()  # AES-GCM, people.factors.sealing
    last_step = models.BigIntegerField(default=0)  # the newest 30-second step a code was taken for: none works twice
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One of ten codes printed once; only keyed hashes are kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A public key whose private half never leaves a device; it stands for password and second factor at once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url
    credential = models.BinaryField()  # attested credential data: aaguid, id, COSE public key
    sign_count = models.BigIntegerField(default=0)
    label = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
