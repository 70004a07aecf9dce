from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "yanxiu.faces.staff"
    label = "staff_face"
