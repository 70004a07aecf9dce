"""Corrections and erasures somebody has to decide: what the class manager's page and the security administrator's share."""
