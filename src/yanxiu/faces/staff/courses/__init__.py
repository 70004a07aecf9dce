"""Files of a class's lessons: what is missing, and putting it there."""
