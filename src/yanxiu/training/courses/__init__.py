"""The catalogue (fields, lecturers, courses, lessons) and a class's curriculum."""
