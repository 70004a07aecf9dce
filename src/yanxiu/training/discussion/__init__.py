"""Themed discussion rounds with their posts and replies."""
