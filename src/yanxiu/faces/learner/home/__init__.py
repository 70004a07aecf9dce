"""Where a learner lands: the class, what is asked of them, and how far they are."""
