"""Background entry point."""

from django_tasks import task

from yanxiu.record.certificates.issuing import carry_out

__all__ = ["issue_ordered"]


@task()
def issue_ordered(run_id: int) -> int:
    """How many were issued."""
    return carry_out(run_id).issued
