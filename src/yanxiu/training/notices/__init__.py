"""Announcements of a class."""
