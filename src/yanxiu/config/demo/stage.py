"""Founding the play: regions, units, people, accounts, catalogue and the two classes, through the real actions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanxiu.config.demo.cast import LessonRow, Player, cast, lessons, texts
from yanxiu.config.demo.study.plans import SECOND_FIELDS
from yanxiu.people import actions as people
from yanxiu.people.models import Organisation, Person, Region
from yanxiu.people.privacy.consent import answer_notice
from yanxiu.people.privacy.texts import current_version
from yanxiu.people.profile.corrections import confirm_profile
from yanxiu.people.queries import SYSTEM, Viewer, viewer_of_person
from yanxiu.study.policies.actions import set_class_policy
from yanxiu.training.classes import actions as classes
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses import actions as courses
from yanxiu.training.courses.models import Course, Field, Lecturer, Lesson
from yanxiu.training.courses.practice.actions import furnish_practice, furnish_with_slides
from yanxiu.training.courses.practice.slides import Slide

__all__ = ["MAIN", "SECOND", "Stage", "found"]

MAIN, SECOND = "smx-2017", "smx-2017-b"
STAFF_ROLES = ("class_manager", "tutor", "auditor")
REGION_ROLES = ("organiser", "system_admin", "security_admin", "audit_admin")


@dataclass
class Stage:
    """What acts and sessions need: people by learner number, their places, the lessons by line of courses.csv."""

    staff: dict[str, Viewer] = field(default_factory=dict)
    staff_persons: dict[str, Person] = field(default_factory=dict)
    persons: dict[int, Person] = field(default_factory=dict)
    viewers: dict[int, Viewer] = field(default_factory=dict)
    enrolments: dict[int, Enrolment] = field(default_factory=dict)
    lessons: list[Lesson] = field(default_factory=list)
    regions: dict[str, Region] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    classes: dict[str, TrainingClass] = field(default_factory=dict)


def _regions_and_units(stage: Stage) -> None:
    data = cast().data
    province = people.add_region(SYSTEM, code=data["province"]["code"], name=data["province"]["name"], level="province")
    city = people.add_region(
        SYSTEM, code=data["city"]["code"], name=data["city"]["name"], level="city", parent=province
    )
    stage.regions |= {"province": province, "city": city}
    stage.units["bureau"] = people.register_organisation(SYSTEM, name="三门峡市教育局", region=city, kind="bureau")
    stage.units["institute"] = people.register_organisation(
        SYSTEM, name="崤函教育干部研修中心", region=city, kind="institute"
    )
    for row in data["county"]:
        county = people.add_region(SYSTEM, code=row["code"], name=row["name"], level="county", parent=city)
        stage.regions[row["name"]] = county
        stage.units[row["name"]] = people.register_organisation(
            SYSTEM, name=f"{row['name']}教育体育局", region=county, kind="bureau"
        )
        for name in row["schools"]:
            stage.units[name] = people.register_organisation(SYSTEM, name=name, region=county, kind="school")


def _settle(person: Person) -> None:
    """The steps of a first sign-in, by the person: the demo's links lead straight to the class."""
    viewer = viewer_of_person(person)
    answer_notice(viewer, version=current_version(), agreed=True)
    confirm_profile(viewer)


def _staff(stage: Stage) -> None:
    for row in cast().staff:
        person = people.create_person(
            SYSTEM, name=row.name, phone=row.phone, organisation=stage.units["bureau"], post_title=row.title
        )
        people.create_account(person)
        _settle(person)
        if row.key in REGION_ROLES:
            top = row.key == "audit_admin"  # the audit log is one over all regions: read at the top only
            people.grant_region_role(
                SYSTEM, person=person, role=row.key, region=stage.regions["province" if top else "city"]
            )
        stage.staff_persons[row.key] = person
        stage.staff[row.key] = viewer_of_person(person)


def _catalogue(stage: Stage) -> None:
    organiser = stage.staff["organiser"]
    fields: dict[str, Field] = {}
    lecturers: dict[str, Lecturer] = {}
    made: dict[str, Course] = {}
    for row in lessons():
        if row.field not in fields:
            fields[row.field] = courses.create_field(organiser, key=row.field, name=row.field_name)
        if row.lecturer not in lecturers:
            lecturers[row.lecturer] = courses.create_lecturer(organiser, name=row.lecturer, title=row.lecturer_title)
        if row.course not in made:
            made[row.course] = courses.create_course(
                organiser, field=fields[row.field], lecturer=lecturers[row.lecturer], title=row.course
            )
        stage.lessons.append(
            courses.create_lesson(
                organiser, course=made[row.course], num=row.num, title=row.title, kind="video",
                duration_ms=row.seconds * 1000,
            )
        )  # fmt: skip


def _videos(stage: Stage) -> None:
    """The practice lesson, and slides of the full length for the first lessons: somebody who looks round may press play."""
    organiser = stage.staff["organiser"]
    furnish_practice(organiser)
    running = [
        row for row in lessons() if row.field in SECOND_FIELDS
    ]  # the second class still studies when a visitor comes
    for row in (lessons()[0], *running[:2]):
        lesson, part = stage.lessons[row.index], row.seconds // 2
        slides = [
            Slide(row.title, (row.course, f"{row.lecturer}　{row.lecturer_title}"), part, row.title, "演示用课件"),
            Slide("小结", (row.title,), row.seconds - part, "小结。", "演示用课件"),
        ]
        furnish_with_slides(organiser, lesson, slides, both=row.index == 0)


def _curriculum(stage: Stage, training_class: TrainingClass, rows: Iterable[LessonRow]) -> None:
    seen: dict[str, None] = {}
    for row in rows:
        if row.course in seen:
            continue
        seen[row.course] = None
        courses.add_to_curriculum(
            stage.staff["organiser"], training_class, course=stage.lessons[row.index].course, kind=row.kind,
            num=len(seen),
        )  # fmt: skip


def _class(stage: Stage, key: str, region: Region, names: tuple[str, str], dates: tuple[str, str]) -> TrainingClass:
    organiser = stage.staff["organiser"]
    program = classes.create_program(
        organiser, name=texts()["program"]["name"], sponsor_org=stage.units["bureau"],
        organizer_org=stage.units["institute"],
    )  # fmt: skip
    made = classes.create_class(
        organiser, key=key, program=program, region=region, name=names[0], short_name=names[1],
        starts_on=date.fromisoformat(dates[0]), ends_on=date.fromisoformat(dates[1]),
    )  # fmt: skip
    for role in STAFF_ROLES:
        person = stage.staff_persons[role]
        classes.assign_role(organiser, made, person=person, role=role)
    for state in ("approved", "enrolling"):
        made = classes.change_state(organiser, made, state)
    stage.classes[key] = made
    return made


def _places(stage: Stage, training_class: TrainingClass, players: Iterable[Player], done: Callable[[], Any]) -> None:
    """Nominate everybody; registering is the learner's own act, on a day of its own."""
    manager = stage.staff["class_manager"]
    for player in players:
        person = people.create_person(
            manager, name=player.name, phone=player.phone, organisation=stage.units[player.school],
            post_title=player.post_title,
        )  # fmt: skip
        people.create_account(person)
        _settle(person)
        stage.persons[player.num] = person
        stage.viewers[player.num] = viewer_of_person(person)
        stage.enrolments[player.num] = classes.enrol_learner(
            manager, training_class, person=person, nominating_org=stage.units[player.county]
        )
        done()


def found(done: Callable[[], Any]) -> Stage:
    """Everything there is on 8 June 2017; `done` is called once a learner."""
    stage = Stage()
    _regions_and_units(stage)
    _staff(stage)
    _catalogue(stage)
    _videos(stage)
    names = texts()["program"]
    main = _class(
        stage, MAIN, stage.regions["city"], (names["class_name"], names["short_name"]), ("2017-06-10", "2017-07-21")
    )
    for county in cast().data["county"]:
        classes.allot_quota(stage.staff["organiser"], main, org=stage.units[county["name"]], seats=county["seats"])
    _curriculum(stage, main, lessons())
    set_class_policy(stage.staff["organiser"], class_id=main.pk, policy_id="enaea-2017@1")
    _places(stage, main, cast().learners, done)
    second = _class(
        stage, SECOND, stage.regions["灵宝市"], (names["second_name"], names["second_short_name"]),
        ("2017-07-01", "2017-08-31"),
    )  # fmt: skip
    classes.allot_quota(stage.staff["organiser"], second, org=stage.units["灵宝市"], seats=15)
    _curriculum(stage, second, [row for row in lessons() if row.field in SECOND_FIELDS])
    set_class_policy(stage.staff["organiser"], class_id=second.pk, policy_id="standard@1")
    _places(stage, second, cast().second_class, done)
    return stage
