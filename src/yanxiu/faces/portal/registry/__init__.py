"""Pages of the system administrator (regions, units, people) and of the security administrator (who holds which role)."""
