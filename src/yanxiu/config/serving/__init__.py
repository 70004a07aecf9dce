"""How pages and static files are served beside the intake, in its one process (docs/decisions/0030)."""
