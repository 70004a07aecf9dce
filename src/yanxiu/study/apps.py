from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "yanxiu.study"
    label = "study"
