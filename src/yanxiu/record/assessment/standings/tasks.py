"""Background entry point."""

from django_tasks import task

from yanxiu.record.assessment.standings.making import make

__all__ = ["make_edition"]


@task()
def make_edition(edition_id: int) -> int:
    """How many learners are in it."""
    return make(edition_id)
