"""Which files a lesson has. The bytes lie in the data directory (store.py), named by their digest."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanxiu.training.courses.models import Lesson

__all__ = ["Conversion", "LessonFile", "LessonText", "MediaFile"]


class MediaFile(models.Model):
    """One content. Its row never changes; a file uploaded twice is one row."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    size = models.PositiveBigIntegerField()  # bytes
    mime = models.CharField(max_length=100)
    duration_ms = models.PositiveBigIntegerField(default=0)  # of a video
    width = models.PositiveIntegerField(default=0)  # of a picture or a video
    height = models.PositiveIntegerField(default=0)


class LessonFile(models.Model):
    """A file in use by a lesson (or once in use: `retired_at`). A low video beside a high one shows the same, in fewer bytes."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("视频（清晰）")
        LOW = "low", _("视频（流畅）")
        CAPTIONS = "captions", _("字幕")
        POSTER = "poster", _("封面")
        HANDOUT = "handout", _("讲义附件")
        DOCUMENT = "document", _("阅读文档")
        PAGE = "page", _("文档页面")  # the document as pictures, one a page

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="files")
    version = models.PositiveIntegerField()  # of the lesson, when it was taken into use
    kind = models.CharField(max_length=8, choices=Kind.choices)
    num = models.PositiveSmallIntegerField(default=1)  # order of handouts and of pages
    name = models.CharField(max_length=120)  # as shown and as downloaded
    text = models.TextField(blank=True)  # of a page: its words, for whoever cannot see the picture
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="uses")
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lesson", "kind", "num"], condition=Q(retired_at=None), name="one_file_a_place"
            )
        ]


class LessonText(models.Model):
    """The article of a reading, cleaned when it was written. A changed article replaces the text of its version."""

    lesson = models.OneToOneField(Lesson, models.PROTECT, related_name="article")
    html = models.TextField()
    text = models.TextField()  # the same without markup
    written_at = models.DateTimeField()


class Conversion(models.Model):
    """Background work on a video, and how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("转换中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有成功")

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="conversions")
    source = models.ForeignKey(MediaFile, models.PROTECT)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
