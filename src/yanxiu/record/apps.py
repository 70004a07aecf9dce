from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "yanxiu.record"
    label = "record"
