"""Certificates of a class: issue, list, revoke."""
