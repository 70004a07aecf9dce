"""Examinations: banks, scheduling, watching who sits, the marking desk, release."""
