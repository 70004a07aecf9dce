"""Background entry points."""

from django_tasks import task

__all__ = ["make_low"]


@task()
def make_low(conversion_id: int) -> None:
    """The lower variant of a video."""
    from yanxiu.training.courses.media.conversions import run_conversion  # thin entry point

    run_conversion(conversion_id)
