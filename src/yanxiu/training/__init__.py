"""Wing: what happens in a class. Classes, courses and the activities of a class."""
