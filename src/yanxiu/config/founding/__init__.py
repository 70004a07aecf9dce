"""Founding an installation from a file: its regions, units, and the people who begin."""
