"""The task of a class for one kind of writing."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.training.classes.models import TrainingClass

__all__ = ["WritingTask"]


class WritingTask(models.Model):
    """写作任务: what is asked for, how long, how many, until when. `due_on` None = the class's last day."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("研修成果")
        REFLECTION = "reflection", _("学习心得")
        THOUGHT_REPORT = "thought_report", _("思想汇报")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="writing_tasks")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=120)
    requirements = models.TextField(blank=True)
    min_characters = models.PositiveIntegerField(default=0)  # 字数, counted the Chinese way
    max_characters = models.PositiveIntegerField(default=0)  # 0 = no limit but that of every text
    pieces = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(null=True)
    file_kinds = models.CharField(max_length=60, blank=True)  # "pdf,docx"; empty = no attachments
    file_count = models.PositiveSmallIntegerField(default=3)
    file_megabytes = models.PositiveSmallIntegerField(default=10)
    peers_comment = models.BooleanField(default=True)
    is_homework = models.BooleanField(default=False)  # 平时作业: its marks are those of a scheme's homework

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "kind"], name="writing_task_once_a_kind")
        ]

    @property
    def kinds_of_files(self) -> tuple[str, ...]:
        """The kinds of attachments taken, in the order of the table of kinds."""
        return tuple(kind for kind in self.file_kinds.split(",") if kind)
