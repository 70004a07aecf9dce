"""What a class's lessons have and lack, and the files of one lesson."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.media.actions import lesson_to_furnish, retire_file, upload, write_article
from yanxiu.training.courses.media.queries import Furnished, article_of, furnished, uses_of

__all__ = ["article", "courses", "files", "retire"]

_PLACES = {"video": ("video", "low", "captions", "poster", "handout"), "reading": ("document", "handout")}


def _labels() -> dict[str, tuple[str, str]]:
    """What each place is called, and what it takes."""
    return {
        "video": (_("视频（清晰）"), _("MP4（H.264），一般 720p；必须有")),
        "low": (_("视频（流畅）"), _("MP4，手机省流量用；不传会自动生成")),
        "captions": (_("字幕"), _("WebVTT（.vtt），UTF-8")),
        "poster": (_("封面"), _("JPEG、PNG 或 WebP，16:9")),
        "handout": (_("讲义附件"), _("PDF 或 Word（.docx），可以多份")),
        "document": (_("阅读文档"), _("PDF，会转成图片，手机上也能直接看")),
    }


def courses(request: FrameRequest, key: str) -> HttpResponse:
    """Every lesson of the curriculum; those that cannot be studied yet first said, then listed."""
    training_class = managed_class(request, key)
    rows = furnished(training_class.pk)
    missing = [row for row in rows if not row.media.is_ready]
    context = {"class": training_class, "rows": rows, "missing": missing}
    return render(request, "staff/courses/courses.html", context)


def _row(training_class: TrainingClass, lesson: int) -> Furnished:
    found = next((row for row in furnished(training_class.pk) if row.lesson_id == lesson), None)
    if found is None:
        raise NotVisible
    return found


def _done(what: str) -> str:
    """What has just been stored, in words."""
    return {
        "file": _("已上传，正在使用。请核对上面的时长和下面的文件。"), "retired": _("已撤下。"), "article": _("文章已保存。"),
    }.get(what, "")  # fmt: skip


def _page(
    request: FrameRequest, training_class: TrainingClass, lesson: int, refused: Refused | None = None
) -> HttpResponse:
    lesson_to_furnish(request.viewer, training_class, lesson)
    row, labels = _row(training_class, lesson), _labels()
    context: dict[str, Any] = {
        "class": training_class, "row": row, "refused": refused, "uses": uses_of(lesson),
        "done": "" if refused else _done(request.GET.get("done", "")),
        "places": [(place, *labels[place]) for place in _PLACES[row.kind]],
        "article": request.POST.get("html", "") if refused and "html" in request.POST else article_of(lesson),
    }  # fmt: skip
    return render(request, "staff/courses/lesson.html", context, status=422 if refused else 200)


def files(request: FrameRequest, key: str, lesson: int) -> HttpResponse:
    """GET shows the files of a lesson; POST takes one into use."""
    training_class = managed_class(request, key)
    if request.method != "POST":
        return _page(request, training_class, lesson)
    sent = request.FILES.get("file")
    kind, name, chunks = request.POST.get("kind", ""), (sent.name if sent else "") or "", sent.chunks() if sent else ()
    try:
        upload(request.viewer, training_class, lesson, kind=kind, name=name or "-", chunks=chunks)
    except Refused as refused:
        return _page(request, training_class, lesson, refused)
    return _back(key, lesson, "file")


def retire(request: FrameRequest, key: str, lesson: int) -> HttpResponse:
    """Take a file out of use."""
    training_class = managed_class(request, key)
    file_id = request.POST.get("file", "")
    try:
        retire_file(
            request.viewer, training_class, lesson, int(file_id) if file_id.isdecimal() and len(file_id) < 15 else 0
        )
    except Refused as refused:
        return _page(request, training_class, lesson, refused)
    return _back(key, lesson, "retired")


def article(request: FrameRequest, key: str, lesson: int) -> HttpResponse:
    """Store the article of a reading."""
    training_class = managed_class(request, key)
    try:
        write_article(request.viewer, training_class, lesson, html=request.POST.get("html", ""))
    except Refused as refused:
        return _page(request, training_class, lesson, refused)
    return _back(key, lesson, "article")


def _back(key: str, lesson: int, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('staff:lesson_files', args=[key, lesson])}?done={done}")
