"""What administrators keep in order: regions, units, the people in them, and who holds which role."""
