"""Taking files in: by content and not by name, kept whole, versions by length, nothing that would not play."""

import io
import threading
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from factories.videos import has_index_at_end, make_pdf, make_video
from factories.worlds import World, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.actions import retire_file, upload, write_article
from yanxiu.training.courses.media.conversions import run_conversion
from yanxiu.training.courses.media.models import Conversion, LessonFile, MediaFile
from yanxiu.training.courses.media.queries import article_of, furnished, lesson_media
from yanxiu.training.courses.models import Lesson

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n开始\n"


@pytest.fixture
def world(at: Callable[[str], None]) -> World:
    return small_world(learners=1)


def put(
    world: World, kind: str, content: bytes | str | Path, *, lesson: int = 0, actor: str = "manager", name: str = ""
) -> LessonFile:
    if isinstance(content, Path):
        content = content.read_bytes()
    data = content.encode() if isinstance(content, str) else content
    return upload(
        getattr(world, actor), world.cls, world.lessons[lesson].pk, kind=kind, name=name or f"{kind}.bin", chunks=[data]
    )


def refused(world: World, kind: str, content: bytes | str | Path, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        put(world, kind, content, **more)  # type: ignore[arg-type]
    assert not list(store.folder().glob(".new-*"))
    return caught.value.code


def test_a_video_is_kept_under_its_digest_and_gives_the_lesson_its_length(world: World, tmp_path: Path) -> None:
    made = make_video(tmp_path / "a.mp4", 4)
    row = put(world, "video", made, name="C:\\课件\\第一讲.mp4")
    assert row.name == "第一讲.mp4"
    assert store.path_of(row.file.digest).read_bytes() == made.read_bytes()
    lesson = Lesson.objects.get(pk=world.lessons[0].pk)
    assert (lesson.version, lesson.duration_ms, row.file.duration_ms) == (2, 4000, 4000)


def test_the_same_length_replaces_and_another_length_is_a_new_version_for_organisers(
    world: World, tmp_path: Path
) -> None:
    put(world, "video", make_video(tmp_path / "a.mp4", 4))
    put(world, "captions", VTT)
    put(world, "video", make_video(tmp_path / "b.mp4", 4, width=96))
    assert Lesson.objects.get(pk=world.lessons[0].pk).version == 2
    assert lesson_media(world.lessons[0].pk).captions is not None
    longer = make_video(tmp_path / "c.mp4", 6)
    assert refused(world, "video", longer) == "new_version"
    put(world, "video", longer, actor="organiser")
    assert Lesson.objects.get(pk=world.lessons[0].pk).version == 3
    assert lesson_media(world.lessons[0].pk).captions is None  # they belonged to the old one


def test_an_index_at_the_end_is_moved_to_the_front(world: World, tmp_path: Path) -> None:
    made = make_video(tmp_path / "slow.mp4", 3, faststart=False)
    assert has_index_at_end(made)
    row = put(world, "video", made)
    assert not has_index_at_end(store.path_of(row.file.digest))


def test_a_codec_that_browsers_do_not_play_is_refused_in_words(world: World, tmp_path: Path) -> None:
    assert refused(world, "video", make_video(tmp_path / "old.mp4", 2, codec="mpeg4")) == "media_codec"


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("video", b"", "no_file"),
        ("video", b"MZ\x90\x00 a program", "wrong_type"),
        ("video", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 400, "media_damaged"),
        ("captions", "WEBVTT\n\n00:02.000 --> 00:01.000\n倒了\n", "captions"),
        ("captions", "WEBVTT\n\n00:99.000 --> 00:01.000\n", "captions"),
        ("captions", "WEBVTT\n", "captions"),
        ("captions", b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xbf\xaa\n", "captions"),
        ("poster", b"\xff\xd8\xff\xe0 not a picture", "media_damaged"),
        ("handout", b"%PDF-1.7 nothing behind", "media_damaged"),
        ("handout", b"PK\x03\x04 nothing behind", "wrong_type"),
        ("handout", b"<html><script>alert(1)</script>", "wrong_type"),
        ("document", b"%PDF-1.7", "bad_kind"),
        ("page", b"x", "bad_kind"),
        ("../../etc", b"x", "bad_kind"),
        ("low", b"\x00\x00\x00\x18ftypisom", "media_damaged"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_refused_and_leaves_nothing(
    world: World, kind: str, content: bytes | str, code: str
) -> None:
    assert refused(world, kind, content) == code
    assert not LessonFile.objects.exists()


def test_a_word_file_with_macros_is_refused_and_one_without_is_taken(world: World) -> None:
    def word(*names: str) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as parts:
            for name in names:
                parts.writestr(name, "x")
        return file.getvalue()

    assert refused(world, "handout", word("word/document.xml", "word/vbaProject.bin")) == "wrong_type"
    first = put(world, "handout", word("word/document.xml"))
    second = put(world, "handout", make_pdf(1))
    assert (first.num, second.num) == (1, 2)


def test_a_stream_beyond_the_limit_is_cut_off_whatever_its_length_was_said_to_be(world: World) -> None:
    given = []

    def endless() -> object:
        while True:
            given.append(1)
            yield b"WEBVTT" + b"\n" * 1024 * 1024

    with pytest.raises(Refused) as caught:
        upload(world.manager, world.cls, world.lessons[0].pk, kind="captions", name="x.vtt", chunks=endless())  # type: ignore[arg-type]
    assert caught.value.code == "too_large"
    assert len(given) <= 3


def test_a_picture_is_made_anew_so_that_nothing_travels_in_it(world: World) -> None:
    frame = av.VideoFrame(40, 30, "rgb24")
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 40, 30, "rgb24", Fraction(1, 1)
    png = b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
    row = put(world, "poster", png + b"<?php secret ?>")
    kept = store.path_of(row.file.digest).read_bytes()
    assert row.file.mime == "image/jpeg"
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"secret" not in kept


def test_a_document_becomes_pictures_with_its_words(world: World) -> None:
    put(world, "document", make_pdf(3), lesson=1)
    media = lesson_media(world.lessons[1].pk)
    assert [(page.num, "学校管理" in page.text, page.width) for page in media.pages] == [
        (n, True, 1240) for n in (1, 2, 3)
    ]
    put(world, "document", make_pdf(1), lesson=1)
    assert len(lesson_media(world.lessons[1].pk).pages) == 1


def test_a_low_variant_is_made_in_the_background_and_says_how_far_it_is(world: World, tmp_path: Path) -> None:
    heavy = make_video(tmp_path / "heavy.mp4", 2)
    row = put(world, "video", heavy)
    assert not Conversion.objects.exists()  # light enough as it is
    conversion = Conversion.objects.create(
        lesson=row.lesson, source=row.file, started_at=row.uploaded_at, moved_at=row.uploaded_at
    )
    assert run_conversion(conversion.pk) == "done"
    low = lesson_media(row.lesson_id).videos[1]
    assert (low.kind, abs(low.duration_ms - 2000) <= 1000) == ("low", True)
    assert Conversion.objects.get(pk=conversion.pk).percent == 100


def test_a_low_variant_of_another_length_is_refused(world: World, tmp_path: Path) -> None:
    put(world, "video", make_video(tmp_path / "a.mp4", 4))
    assert refused(world, "low", make_video(tmp_path / "b.mp4", 8)) == "other_length"


def test_an_article_is_cleaned_when_it_is_written(world: World) -> None:
    write_article(world.manager, world.cls, world.lessons[1].pk, html="<p>正文</p><script>x()</script>")
    assert article_of(world.lessons[1].pk) == "<p>正文</p>"
    with pytest.raises(Refused):
        write_article(world.manager, world.cls, world.lessons[0].pk, html="<p>视频课没有文章</p>")


def test_only_who_manages_the_class_furnishes_its_lessons(world: World) -> None:
    assert refused(world, "captions", VTT, actor="tutor") == "not_allowed"
    with pytest.raises(NotVisible):
        put(world, "captions", VTT, actor="other_manager")
    with pytest.raises(NotVisible):
        upload(world.manager, world.cls, 999_999, kind="captions", name="x", chunks=[VTT.encode()])


def test_a_file_taken_out_of_use_is_shown_no_more_but_a_video_stays(world: World, tmp_path: Path) -> None:
    video = put(world, "video", make_video(tmp_path / "a.mp4", 4))
    handout = put(world, "handout", make_pdf(1))
    retire_file(world.manager, world.cls, video.lesson_id, handout.pk)
    assert lesson_media(video.lesson_id).handouts == []
    with pytest.raises(NotVisible):
        retire_file(world.manager, world.cls, video.lesson_id, handout.pk)
    with pytest.raises(Refused):
        retire_file(world.manager, world.cls, video.lesson_id, video.pk)


def test_the_list_of_what_is_missing_takes_a_fixed_number_of_statements(
    world: World, tmp_path: Path, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        assert [row.media.is_ready for row in furnished(world.cls.pk)] == [False] * 4
    put(world, "video", make_video(tmp_path / "a.mp4", 4))
    put(world, "document", make_pdf(2), lesson=1)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        assert [row.media.is_ready for row in furnished(world.cls.pk)] == [True, True, False, False]


def test_one_content_kept_by_many_at_once_is_one_whole_file() -> None:
    content = b"x" * 3_000_000
    kept: list[tuple[str, int]] = []
    threads = [threading.Thread(target=lambda: kept.append(store.keep_bytes(content))) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 6
    ((digest, size),) = set(kept)
    assert (store.path_of(digest).read_bytes() == content, size) == (True, 3_000_000)
    assert not list(store.folder().glob(".new-*"))


def test_a_file_used_twice_is_stored_once(world: World) -> None:
    content = make_pdf(1)
    rows = [put(world, "handout", content, lesson=n) for n in (0, 0, 2)]
    assert len({row.file_id for row in rows}) == MediaFile.objects.count() == 1
    assert [row.num for row in rows] == [1, 2, 1]
