"""Attachments: taken by content, kept by content, handed out as downloads to those who may read the piece."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.worlds import At, World, small_world
from factories.writing import PDF, written
from PIL import Image

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.attachments import store
from yanxiu.training.outcomes.attachments.actions import add_attachment, remove_attachment
from yanxiu.training.outcomes.attachments.models import Attachment
from yanxiu.training.outcomes.attachments.queries import download
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.tasks.actions import set_task

pytestmark = pytest.mark.django_db
KINDS = ("pdf", "docx", "xlsx", "pptx", "jpg", "png")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "attachments"


def asked(**more: Any) -> tuple[World, Outcome]:
    world = small_world(2)
    set_task(world.manager, world.cls, kind="outcome", title="教案", **{"file_kinds": KINDS, **more})
    return world, written(world.learners[0], "正文一段。")


def office(main: str = "word/document.xml", **parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def picture(kind: str, **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(target, kind, **more)
    return target.getvalue()


def code_of(world: World, piece: Outcome, name: str, data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        add_attachment(world.learners[0].viewer, piece, name=name, data=data)
    return refusal.value.code


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("程序.pdf", b"MZ\x90\x00" + b"\0" * 200, "file_kind"),
        ("网页.pdf", b"<html><script>alert(1)</script>", "file_kind"),
        ("教案.docx", PDF, "file_kind"),
        ("教案.exe", PDF, "file_kind"),
        ("半截.pdf", b"%PDF-1.4\n1 0 obj", "file_damaged"),
        ("空.pdf", b"", "file_empty"),
        ("压缩包.docx", office("other.txt"), "file_kind"),
        ("带宏.docx", office(**{"word/vbaProject.bin": b"x"}), "file_macros"),
        ("炸弹.docx", office(**{"word/media/a.xml": b"0" * 20_000_000}), "file_bomb"),
        ("越界.docx", office(**{"../../etc/passwd": b"x"}), "file_damaged"),
        ("坏包.xlsx", b"PK\x03\x04" + b"\0" * 100, "file_damaged"),
        ("坏图.jpg", b"\xff\xd8\xff" + b"\0" * 300, "file_damaged"),
        ("太大.pdf", PDF[:-6] + b"0" * 11_000_000 + b"%%EOF\n", "file_too_large"),
    ],
)
def test_what_is_not_what_it_says_or_is_dangerous_is_refused(at: At, name: str, data: bytes, code: str) -> None:
    world, piece = asked()
    assert code_of(world, piece, name, data) == code
    assert not Attachment.objects.exists()


def test_each_kind_is_taken_and_kept_once(at: At, folder: Path) -> None:
    world, piece = asked(file_count=6)
    files = {
        "a.pdf": PDF, "b.docx": office(), "c.xlsx": office("xl/workbook.xml"), "d.pptx": office("ppt/presentation.xml"),
        "e.jpg": picture("JPEG"), "f.png": picture("PNG"),
    }  # fmt: skip
    for name, data in files.items():
        for _ in range(2):
            add_attachment(world.learners[0].viewer, piece, name=name, data=data)
    assert list(Attachment.objects.order_by("pk").values_list("kind", flat=True)) == list(KINDS)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 6
    assert code_of(world, piece, "g.pdf", PDF + b"%%EOF\n") == "too_many_files"


def test_a_picture_is_drawn_anew_without_where_it_was_taken(at: At) -> None:
    world, piece = asked()
    exif = Image.Exif()
    exif[0x010F] = "某某手机"
    hidden = picture("JPEG", exif=exif) + b"<?php hidden"
    kept = add_attachment(world.learners[0].viewer, piece, name="照片.JPEG", data=hidden)
    data = download(piece, kept.pk).data
    assert kept.name == "照片.jpg"
    assert b"hidden" not in data
    assert "某某手机".encode() not in data
    assert len(Image.open(io.BytesIO(data)).getexif()) == 0


def test_a_task_without_attachments_takes_none_and_a_closed_piece_neither(at: At) -> None:
    world, piece = asked(file_kinds=())
    assert code_of(world, piece, "a.pdf", PDF) == "no_files"
    set_task(world.manager, world.cls, kind="outcome", title="教案", file_kinds=("pdf",))
    actions.submit_outcome(world.learners[0].viewer, piece)
    assert code_of(world, piece, "a.pdf", PDF) == "wrong_state"
    with pytest.raises(NotVisible):
        add_attachment(world.learners[1].viewer, piece, name="a.pdf", data=PDF)


def test_downloads_are_attachments_in_a_sandbox_for_readers_of_the_piece_only(at: At) -> None:
    world, piece = asked()
    kept = add_attachment(world.learners[0].viewer, piece, name='../../教案"<b>.pdf', data=PDF)
    own = f"/my/classes/small-2017/outcomes/{piece.uuid}/files/{kept.pk}"
    staff = f"/staff/classes/small-2017/outcomes/{piece.uuid}/files/{kept.pk}"
    answer = browser(world.learners[0].viewer).get(own)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    fellow, tutor, far = browser(world.learners[1].viewer), browser(world.tutor), browser(world.other_learner.viewer)
    assert [c.get(a).status_code for c, a in ((fellow, own), (tutor, staff), (far, own))] == [404, 404, 404]
    actions.submit_outcome(world.learners[0].viewer, piece)
    assert [c.get(a).status_code for c, a in ((fellow, own), (tutor, staff), (far, own))] == [200, 200, 404]
    assert fellow.get(own.replace(f"/files/{kept.pk}", f"/files/{kept.pk + 1}")).status_code == 404


def test_upload_and_removal_through_the_page(at: At) -> None:
    world, piece = asked()
    client, address = browser(world.learners[0].viewer), f"/my/classes/small-2017/outcomes/{piece.uuid}"
    upload = {"do": "attach", "file": SimpleUploadedFile("教案.pdf", PDF)}
    assert client.post(address, upload).status_code == 302
    assert "教案.pdf" in client.get(address).content.decode()
    fake = client.post(address, {"do": "attach", "file": SimpleUploadedFile("工具.pdf", b"MZ" + b"\0" * 99)})
    assert fake.status_code == 422
    assert "可能是改了扩展名的其他文件" in fake.content.decode()
    assert client.post(address, {"do": "attach"}).status_code == 422
    kept = Attachment.objects.get()
    assert browser(world.learners[1].viewer).post(address, {"do": "detach", "of": kept.pk}).status_code == 404
    assert client.post(address, {"do": "detach", "of": kept.pk}).status_code == 302
    assert not Attachment.objects.exists()


def test_bytes_stay_while_any_piece_carries_them_and_go_afterwards(
    at: At, folder: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    world, piece = asked()
    other = written(world.learners[1], "另一篇。")
    first = add_attachment(world.learners[0].viewer, piece, name="a.pdf", data=PDF)
    second = add_attachment(world.learners[1].viewer, other, name="b.pdf", data=PDF)
    monkeypatch.setattr(store, "GRACE_SECONDS", -1)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(world.learners[0].viewer, piece, first.pk)
    assert download(other, second.pk).data == PDF
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(world.learners[1].viewer, other, second.pk)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_damaged_file_is_never_handed_out_as_whole(at: At, folder: Path) -> None:
    world, piece = asked()
    kept = add_attachment(world.learners[0].viewer, piece, name="a.pdf", data=PDF)
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(b"x" + PDF[1:])
    with pytest.raises(Refused) as refusal:
        download(piece, kept.pk)
    assert refusal.value.code == "file_damaged"
    path.unlink()
    with pytest.raises(NotVisible):
        download(piece, kept.pk)
