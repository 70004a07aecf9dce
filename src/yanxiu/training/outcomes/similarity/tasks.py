"""The background entry point of the room."""

from django_tasks import task

from yanxiu.training.outcomes.similarity.checking import perform_check

__all__ = ["check_similarity"]


@task()
def check_similarity(check_id: int) -> str:
    """Run by the worker; the row of the check says how far it is."""
    return perform_check(check_id)
