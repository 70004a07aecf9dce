"""The desk of the discussion: rounds opened and changed, posts answered, featured and removed, reports handled."""
