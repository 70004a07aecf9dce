"""Notices by e-mail, through Django's mail backend."""
