"""What waits for a decision of the staff of a class, told to them once a day."""
