"""Programmes, classes, quotas, enrolments and class roles; what a viewer may see of them."""
