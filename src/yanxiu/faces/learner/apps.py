from django.apps import AppConfig


class LearnerConfig(AppConfig):
    name = "yanxiu.faces.learner"
    label = "learner_face"
