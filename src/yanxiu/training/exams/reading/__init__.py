"""Reads of exams: what a learner sees, what the staff see."""
