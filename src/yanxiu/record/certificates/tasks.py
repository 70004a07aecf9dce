"""Background entry point."""

from django_tasks import task

from yanxiu.record.certificates.issuing import carry_out
from yanxiu.record.certificates.models import IssueRun

__all__ = ["issue_ordered"]


@task()
def issue_ordered(run_id: int) -> int:
    """How many were issued. A failure is written on the run, so that the class manager sees it and can order again."""
    try:
        return carry_out(run_id).issued
    except Exception as error:
        IssueRun.objects.filter(pk=run_id).update(failed=type(error).__name__)
        raise
