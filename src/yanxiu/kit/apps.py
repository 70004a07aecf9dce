from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "yanxiu.kit"
    label = "kit"
