"""Addresses of this face."""

from yanxiu.faces.frame.routes import Route

ROUTES: tuple[Route, ...] = ()
