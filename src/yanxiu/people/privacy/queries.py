"""One's own copies and wishes; the wishes a class manager has to decide."""

from uuid import UUID

from django.db.models import QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.people.models import ErasureRequest, Person, Takeout
from yanxiu.people.queries import People, Viewer, among

__all__ = ["erasure_among", "erasures_of_people", "newest_takeout", "open_erasure", "person_called"]


def person_called(words: str) -> Person | None:
    """For commands: by phone or by uuid."""
    try:
        return Person.objects.filter(uuid=UUID(words)).first()
    except ValueError:
        return Person.objects.filter(phone=words).first()


def newest_takeout(viewer: Viewer) -> Takeout | None:
    return Takeout.objects.filter(person_id=viewer.person_id or 0).order_by("-pk").first()


def open_erasure(viewer: Viewer) -> ErasureRequest | None:
    """The newest one that still says something: waiting or refused."""
    newest = ErasureRequest.objects.filter(person_id=viewer.person_id or 0).order_by("-pk").first()
    return newest if newest is not None and newest.state in {"asked", "refused"} else None


def _waiting(people: People) -> QuerySet[ErasureRequest]:
    waiting = ErasureRequest.objects.filter(among(people), state=ErasureRequest.State.ASKED)
    return waiting.filter(needs_approval=True, approved_at=None).select_related("person")


def erasures_of_people(people: People) -> list[ErasureRequest]:
    """Those waiting for a decision, oldest first."""
    return list(_waiting(people).order_by("pk")[:100])


def erasure_among(people: People, request_id: int) -> ErasureRequest:
    found = _waiting(people).filter(pk=request_id).first()
    if found is None:
        raise NotVisible
    return found
