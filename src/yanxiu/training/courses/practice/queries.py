"""Where the practice lesson is."""

from yanxiu.training.courses.models import Lesson

__all__ = ["PRACTICE", "practice_lesson"]

PRACTICE = "practice"  # key of the field it alone stands in


def practice_lesson() -> Lesson | None:
    """None where an installation has none."""
    return Lesson.objects.select_related("course").filter(course__field__key=PRACTICE).order_by("pk").first()
