"""What django.contrib.auth needs to find the account of a session again. It signs nobody in."""

from django.contrib.auth.backends import BaseBackend

from yanxiu.people.models import Account

__all__ = ["AccountBackend"]


class AccountBackend(BaseBackend):
    """No `authenticate`: the only ways in are people.sign_in, so that lockout stands on every one of them."""

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.select_related("person").filter(pk=user_id, is_active=True).first()
