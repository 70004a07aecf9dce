"""Copies are made in the background."""

from django_tasks import task

from yanxiu.people.privacy.actions import build_takeout

__all__ = ["make_takeout"]


@task()
def make_takeout(takeout_id: int) -> None:
    build_takeout(takeout_id)
