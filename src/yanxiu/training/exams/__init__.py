"""Question banks, exams with a server-timed attempt, marking."""
