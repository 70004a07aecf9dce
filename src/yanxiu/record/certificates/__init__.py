"""Certificates of a frozen class: issued to those who passed, each with pinned facts, digest and signature; revoked with a reason."""
