"""Pages of the class manager, the organiser, the auditor."""
