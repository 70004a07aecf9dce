"""POST /api/sessions and /api/beats."""
