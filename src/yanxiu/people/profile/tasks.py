"""Mail goes out in the background, so that no page is slower for an address that exists."""

from django_tasks import task

from yanxiu.people.models import MailLink, Person
from yanxiu.people.profile.mail import mails, new_link, send_link

__all__ = ["mail_confirmation", "mail_entry"]


@task()
def mail_confirmation(link_id: int) -> None:
    """To an address its owner has just typed. Ids only: no address lies in the queue."""
    link = MailLink.objects.filter(pk=link_id, used_at=None).first()
    if link is not None and mails():
        send_link(link)


@task()
def mail_entry(person_id: int) -> None:
    """To the confirmed address of the person; nothing for 0, which stands for an unknown phone."""
    person = Person.objects.filter(pk=person_id).exclude(email="").first()
    if person is not None and mails():
        send_link(new_link(person, MailLink.Purpose.ENTER, person.email))
