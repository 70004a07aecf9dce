"""The class in an address, for somebody who may see its data or change it."""

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import class_for
from yanxiu.training.classes.rules import can_manage, can_organise, can_view_data, require

__all__ = ["founded_class", "managed_class", "seen_class"]


def seen_class(request: FrameRequest, key: str) -> TrainingClass:
    """NotVisible for a stranger, Refused for a learner of the class."""
    training_class = class_for(request.viewer, key)
    require(can_view_data, request.viewer, training_class)
    return training_class


def managed_class(request: FrameRequest, key: str) -> TrainingClass:
    """For its managers and the organisers of its region only."""
    training_class = class_for(request.viewer, key)
    require(can_manage, request.viewer, training_class)
    return training_class


def founded_class(request: FrameRequest, key: str) -> TrainingClass:
    """For the organisers of its region only: those who may found one."""
    training_class = class_for(request.viewer, key)
    require(can_organise, request.viewer, training_class)
    return training_class
