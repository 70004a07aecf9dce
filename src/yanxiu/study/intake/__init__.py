"""Accepting beats: checks a POST against its token and appends it. Imports no Django."""
