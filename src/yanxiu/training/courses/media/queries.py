"""Reads: what a lesson shows, what a class still lacks, what a link serves."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yanxiu.kit.errors import NotVisible
from yanxiu.training.courses.media.models import Conversion, LessonFile, LessonText, MediaFile
from yanxiu.training.courses.models import CurriculumItem, Lesson

__all__ = ["FileRow", "Furnished", "LessonMedia", "article_of", "furnished", "lesson_media", "media_file", "uses_of"]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in use."""

    file_id: int
    kind: str
    num: int
    name: str
    text: str
    digest: str
    size: int
    mime: str
    duration_ms: int
    width: int
    height: int

    @property
    def megabytes_per_ten_minutes(self) -> float:
        """What watching it costs on a metered line."""
        return self.size / 1e6 / max(1, self.duration_ms) * 600_000


@dataclass(slots=True)
class LessonMedia:
    """What there is of a lesson. `videos`: the high one first."""

    videos: list[FileRow] = field(default_factory=list)
    captions: FileRow | None = None
    poster: FileRow | None = None
    document: FileRow | None = None
    pages: list[FileRow] = field(default_factory=list)
    handouts: list[FileRow] = field(default_factory=list)
    has_article: bool = False
    conversion: Conversion | None = None

    @property
    def is_ready(self) -> bool:
        """Can it be studied?"""
        return bool(self.videos or self.pages or self.has_article)

    def take(self, row: FileRow) -> None:
        """Put a file in its place."""
        if row.kind in {LessonFile.Kind.VIDEO, LessonFile.Kind.LOW}:
            self.videos.append(row)
            self.videos.sort(key=lambda video: video.kind != LessonFile.Kind.VIDEO)
        elif row.kind == LessonFile.Kind.PAGE:
            self.pages.append(row)
        elif row.kind == LessonFile.Kind.HANDOUT:
            self.handouts.append(row)
        else:
            setattr(self, row.kind, row)


_FIELDS = (
    "pk", "kind", "num", "name", "text", "file__digest", "file__size", "file__mime", "file__duration_ms", "file__width",
    "file__height",
)  # fmt: skip


def _media_of(lesson_ids: Iterable[int]) -> dict[int, LessonMedia]:
    """Files, articles and conversions of lessons, in three statements."""
    ids = list(lesson_ids)
    found = {lesson_id: LessonMedia() for lesson_id in ids}
    rows = LessonFile.objects.filter(lesson_id__in=ids, retired_at=None).order_by("kind", "num")
    for lesson_id, *values in rows.values_list("lesson_id", *_FIELDS):
        found[lesson_id].take(FileRow(*values))
    for lesson_id in LessonText.objects.filter(lesson_id__in=ids).values_list("lesson_id", flat=True):
        found[lesson_id].has_article = True
    for conversion in Conversion.objects.filter(lesson_id__in=ids).order_by("pk"):
        found[conversion.lesson_id].conversion = conversion
    return found


def lesson_media(lesson_id: int) -> LessonMedia:
    """What there is of one lesson."""
    return _media_of([lesson_id])[lesson_id]


@dataclass(frozen=True, slots=True)
class Furnished:
    """A lesson of a class's curriculum, and what there is of it."""

    lesson_id: int
    course: str
    use: str  # compulsory …
    num: int
    title: str
    kind: str  # video, reading
    duration_ms: int
    version: int
    media: LessonMedia

    @property
    def files(self) -> list[FileRow]:
        """Every file in use that somebody has uploaded, the main one first."""
        media = self.media
        return [*media.videos, *filter(None, (media.captions, media.poster, media.document)), *media.handouts]


def uses_of(lesson_id: int) -> int:
    """How many classes study a lesson."""
    return CurriculumItem.objects.filter(course__lessons=lesson_id).count()


def furnished(class_id: int) -> list[Furnished]:
    """Every lesson of a curriculum that is studied on a screen, in its order, with its files."""
    lessons = (
        Lesson.objects.filter(course__curriculumitem__training_class_id=class_id)
        .exclude(kind=Lesson.Kind.IN_PERSON)
        .order_by("course__curriculumitem__num", "course_id", "num")
        .values_list(
            "pk", "course__title", "course__curriculumitem__kind", "num", "title", "kind", "duration_ms", "version"
        )
    )
    rows = list(lessons)
    media = _media_of(row[0] for row in rows)
    return [Furnished(*row, media[row[0]]) for row in rows]


def article_of(lesson_id: int) -> str:
    """The cleaned HTML of a reading; "" without one."""
    return LessonText.objects.filter(lesson_id=lesson_id).values_list("html", flat=True).first() or ""


def media_file(digest: str) -> tuple[str, int, str]:
    """(type, size, name) of a content in the store; NotVisible for one that was never taken in."""
    row = MediaFile.objects.filter(digest=digest).values_list("mime", "size").first()
    if row is None:
        raise NotVisible
    name = LessonFile.objects.filter(file__digest=digest).order_by("-pk").values_list("name", flat=True).first()
    return *row, name or digest[:12]
