"""Quoting learners' posts in reports: only with the author's consent, which cannot be taken back once it is published."""
