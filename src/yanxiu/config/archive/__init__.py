"""A backup as one file: what goes into it, writing it while the site runs, reading it back."""
