"""Help where it hurts, for everybody."""

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.requests import FrameRequest

__all__ = ["why"]


def why(request: FrameRequest) -> HttpResponse:
    """「为什么没计时」 in plain words; public, so that somebody who cannot sign in may read it too."""
    return render(request, "portal/why.html")
