"""Facts of a learner put to the class's scheme: a verdict with its reasons."""
