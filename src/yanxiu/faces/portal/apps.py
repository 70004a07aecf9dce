from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "yanxiu.faces.portal"
    label = "portal_face"
