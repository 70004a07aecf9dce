"""Founding a class and setting it up: programme, dates, people, seats, curriculum, states."""
