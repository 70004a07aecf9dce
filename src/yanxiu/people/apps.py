from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yanxiu.people"
    label = "people"
