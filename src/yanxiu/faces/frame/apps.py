from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "yanxiu.faces.frame"
    label = "frame_face"
