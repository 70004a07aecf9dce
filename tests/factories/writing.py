"""Writing for tests: pieces of a world, driven through the real actions."""

from typing import Any

from factories.worlds import Learner, World

from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.attachments.actions import add_attachment
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.similarity.checking import perform_check
from yanxiu.training.outcomes.similarity.models import SimilarityCheck
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.outcomes.writing import save_copy, start_outcome

__all__ = ["PDF", "checked", "hand_in", "writing_ids", "written"]

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def written(learner: Learner, body: str, *, title: str = "微党课教案") -> Outcome:
    """A draft with that text."""
    piece = start_outcome(learner.viewer, learner.enrolment, "outcome")
    save_copy(learner.viewer, piece, title=title, body=body, page="test", edition=0)
    return piece


def hand_in(learner: Learner, body: str, *, title: str = "微党课教案") -> Outcome:
    """Handed in, and compared with what was handed in before it."""
    piece = actions.submit_outcome(learner.viewer, written(learner, body, title=title))
    checked()
    return piece


def checked() -> None:
    """What the worker would do now: every queued check, in order."""
    for check in SimilarityCheck.objects.filter(state=SimilarityCheck.State.QUEUED).order_by("pk"):
        perform_check(check.pk)


def writing_ids(world: World) -> dict[str, Any]:
    """A task, a handed-in piece with an attachment and a thought report of the first learner."""
    learner = world.learners[0]
    set_task(world.manager, world.cls, kind="outcome", title="微党课教案", pieces=3, file_kinds=("pdf",))
    piece = written(learner, "从身边的事讲起。")
    file = add_attachment(learner.viewer, piece, name="教案.pdf", data=PDF)
    actions.submit_outcome(learner.viewer, piece)
    report = actions.submit_thought_report(learner.viewer, learner.enrolment, title="思想汇报", body="近来的想法。")
    return {"outcome": piece.uuid, "attachment": file.pk, "thought_report": report.pk}
