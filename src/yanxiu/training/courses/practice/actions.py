"""The practice lesson, and stand-ins for videos that are not there."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import require_region
from yanxiu.training.courses.actions import create_course, create_field, create_lecturer, create_lesson
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.actions import attach
from yanxiu.training.courses.media.incoming import Incoming
from yanxiu.training.courses.models import Lesson
from yanxiu.training.courses.practice.queries import PRACTICE, practice_lesson
from yanxiu.training.courses.practice.slides import Slide, captions, poster, video

__all__ = ["furnish_practice", "furnish_with_slides"]


@cache
def _plan() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("practice.toml").read_text(encoding="utf-8"))


def _made(slides: Sequence[Slide], width: int) -> Incoming:
    path = store.received([])
    try:
        video(slides, path, width)
        seconds = sum(slide.seconds for slide in slides)
        return Incoming(*store.keep_file(path), "video/mp4", seconds * 1000, width, width * 9 // 16)
    finally:
        path.unlink(missing_ok=True)


def furnish_with_slides(actor: Viewer, lesson: Lesson, slides: Sequence[Slide], *, both: bool = False) -> Lesson:
    """Video, captions and poster of a lesson, drawn from slides; `both`: a second, larger picture."""
    require_region(actor)
    name = f"{lesson.title}.mp4"
    attach(actor, lesson, kind="video", name=name, incoming=_made(slides, 640 if both else 480))
    if both:
        attach(actor, lesson, kind="low", name=name, incoming=_made(slides, 320))
    picture = Incoming(*store.keep_bytes(poster(slides[0])), "image/png", width=640, height=360)
    attach(actor, lesson, kind="poster", name=f"{lesson.title}.png", incoming=picture)
    if any(slide.say for slide in slides):
        words = Incoming(*store.keep_bytes(captions(slides)), "text/vtt")
        attach(actor, lesson, kind="captions", name=f"{lesson.title}.vtt", incoming=words)
    return lesson


def furnish_practice(actor: Viewer) -> Lesson:
    """The practice lesson of this installation: in no curriculum, so no figure can ever count it. Made once."""
    require_region(actor)
    present = practice_lesson()
    if present is not None:
        return present
    plan = _plan()
    slides = [
        replace(
            Slide(one["title"], tuple(one["lines"]), plan["seconds"], one["say"]),
            foot=f"{plan['course']}　{n} / {len(plan['slide'])}",
        )
        for n, one in enumerate(plan["slide"], start=1)
    ]
    course = create_course(
        actor,
        field=create_field(actor, key=PRACTICE, name=plan["field"]["name"]),
        lecturer=create_lecturer(actor, name=plan["lecturer"]),
        title=plan["course"],
    )
    seconds = sum(slide.seconds for slide in slides)
    lesson = create_lesson(
        actor, course=course, num=1, title=plan["lesson"], kind="video", duration_ms=seconds * 1000
    )  # fmt: skip
    return furnish_with_slides(actor, lesson, slides)
