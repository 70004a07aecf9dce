"""Outcomes with versions and comments, and the restricted thought reports."""
