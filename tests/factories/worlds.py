"""Small worlds for tests, driven through the real actions. Everybody and every school in them is invented.

Use with the fixture `at` (it stands at 2017-06-10 08:00 in Shanghai): the class runs 2017-06-10 … 2017-07-21.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from factories.remembered import remembered

from yanxiu.kit.models import Untold
from yanxiu.people import actions as people
from yanxiu.people.models import Organisation, Person, Region
from yanxiu.people.privacy.consent import answer_notice
from yanxiu.people.privacy.texts import current_version
from yanxiu.people.profile.corrections import confirm_profile
from yanxiu.people.queries import SYSTEM, Viewer, viewer_of_person
from yanxiu.training.classes import actions as classes
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses import actions as courses
from yanxiu.training.courses.models import Lesson

__all__ = ["At", "Learner", "World", "make_class", "make_learner", "person", "settle", "small_world"]

At = Callable[[str], None]  # the fixture `at`
MINUTE = 60_000


@dataclass(frozen=True)
class Learner:
    """A learner's person, viewer and enrolment."""

    person: Person
    viewer: Viewer
    enrolment: Enrolment


@dataclass
class World:
    """Everything `small_world` made, by name."""

    province: Region
    city: Region
    counties: list[Region]
    other_county: Region  # in another city
    institute: Organisation
    schools: list[Organisation]  # two in the first county, one in the second
    other_school: Organisation  # in the other city
    organiser: Viewer
    manager: Viewer
    tutor: Viewer
    auditor: Viewer
    other_organiser: Viewer  # of the other city
    other_manager: Viewer  # of the other class
    stranger: Viewer  # has an account and nothing else
    cls: TrainingClass
    other_class: TrainingClass
    learners: list[Learner]  # registered in cls
    other_learner: Learner  # registered in other_class
    lessons: list[Lesson]  # two compulsory, two elective


def person(name: str, number: int, organisation: Organisation | None = None) -> Person:
    """Somebody with an account; the phone comes from a range that is never issued (100…)."""
    made = people.create_person(
        SYSTEM, name=name, phone=f"100{number:08d}", organisation=organisation, post_title="教师"
    )
    people.create_account(made)
    settle(made)
    return made


def settle(somebody: Person) -> None:
    """The steps of a first sign-in, by the person: every page is open to them from now on."""
    viewer = viewer_of_person(somebody)
    answer_notice(viewer, version=current_version(), agreed=True)
    confirm_profile(viewer)


def _region_role(name: str, number: int, role: str, region: Region) -> Viewer:
    holder = person(name, number)
    people.grant_region_role(SYSTEM, person=holder, role=role, region=region)
    return viewer_of_person(holder)


def make_learner(cls: TrainingClass, organisation: Organisation, name: str, number: int) -> Learner:
    """A person, nominated and registered."""
    somebody = person(name, number, organisation)
    enrolment = classes.enrol_learner(SYSTEM, cls, person=somebody, nominating_org=organisation)
    viewer = viewer_of_person(somebody)
    return Learner(somebody, viewer, classes.register_learner(viewer, enrolment))


def make_class(
    actor: Viewer,
    region: Region,
    institute: Organisation,
    *,
    key: str,
    name: str,
    state: str = "running",
    starts_on: date = date(2017, 6, 10),
    ends_on: date = date(2017, 7, 21),
) -> TrainingClass:
    """A class in its own programme, moved along the table of states up to `state`."""
    program = classes.create_program(actor, name=f"{name}项目", sponsor_org=institute, organizer_org=institute)
    cls = classes.create_class(
        actor, key=key, program=program, region=region, name=name, short_name=name[:12],
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    for step in ("approved", "enrolling", "running", "makeup"):
        if cls.state == state:
            break
        cls = classes.change_state(actor, cls, step)
    return cls


def _curriculum(actor: Viewer, cls: TrainingClass, prefix: str) -> list[Lesson]:
    field = courses.create_field(actor, key=f"{prefix}-party", name="党的建设")
    lecturer = courses.create_lecturer(actor, name="钱学礼", title="教授")
    lessons = []
    for num, (title, kind) in enumerate((("党章学习", "compulsory"), ("学校管理", "elective")), start=1):
        course = courses.create_course(actor, field=field, lecturer=lecturer, title=title)
        lessons += [
            courses.create_lesson(
                actor, course=course, num=n, title=f"{title}第{n}讲", kind=media, duration_ms=40 * MINUTE
            )
            for n, media in ((1, "video"), (2, "reading"))
        ]
        courses.add_to_curriculum(actor, cls, course=course, kind=kind, num=num)
    return lessons


def small_world(learners: int = 3) -> World:
    """A province with two cities, two running classes in different regions, and one of every persona."""
    return remembered(("small_world", learners), lambda: _small_world(learners))


def _small_world(learners: int) -> World:
    province = people.add_region(SYSTEM, code="41", name="河南省", level="province")
    city = people.add_region(SYSTEM, code="4112", name="三门峡市", level="city", parent=province)
    counties = [
        people.add_region(SYSTEM, code="411224", name="卢氏县", level="county", parent=city),
        people.add_region(SYSTEM, code="411221", name="渑池县", level="county", parent=city),
    ]
    other_city = people.add_region(SYSTEM, code="4113", name="南阳市", level="city", parent=province)
    other_county = people.add_region(SYSTEM, code="411323", name="西峡县", level="county", parent=other_city)

    def organisation(name: str, region: Region, kind: str = "school") -> Organisation:
        return people.register_organisation(SYSTEM, region=region, kind=kind, name=name)

    institute = organisation("青衫干部教育中心", city, "institute")
    other_institute = organisation("丹江干部教育中心", other_city, "institute")
    schools = [
        organisation("云岭中学", counties[0]),
        organisation("松涛小学", counties[0]),
        organisation("望河中学", counties[1]),
    ]
    other_school = organisation("竹溪中学", other_county)

    organiser = _region_role("陈组织", 1, "organiser", city)
    other_organiser = _region_role("吕组织", 2, "organiser", other_city)
    auditor = _region_role("沈督学", 3, "auditor", city)
    cls = make_class(organiser, city, institute, key="small-2017", name="三门峡小班")
    other_class = make_class(other_organiser, other_city, other_institute, key="other-2017", name="南阳小班")

    staff = {}
    for number, (name, role, where) in enumerate(
        (("周班主", "class_manager", cls), ("郑辅导", "tutor", cls), ("冯班主", "class_manager", other_class)), start=4
    ):
        holder = person(name, number, institute)
        classes.assign_role(SYSTEM, where, person=holder, role=role)
        staff[name] = viewer_of_person(holder)
    for school in schools:
        classes.allot_quota(organiser, cls, org=school, seats=max(1, learners))

    world = World(
        province=province, city=city, counties=counties, other_county=other_county, institute=institute,
        schools=schools, other_school=other_school, organiser=organiser, manager=staff["周班主"],
        tutor=staff["郑辅导"], auditor=auditor, other_organiser=other_organiser, other_manager=staff["冯班主"],
        stranger=viewer_of_person(person("路人甲", 9)), cls=cls, other_class=other_class,
        learners=[
            make_learner(cls, schools[n % len(schools)], f"学员{n + 1}", 100 + n) for n in range(learners)
        ],
        other_learner=make_learner(other_class, other_school, "外班学员", 90),
        lessons=_curriculum(organiser, cls, "small"),
    )  # fmt: skip
    Untold.objects.all().delete()  # what the world is made from is no news
    return world
