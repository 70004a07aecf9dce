"""Rule engines over versioned data: the assessment scheme and its verdicts."""
