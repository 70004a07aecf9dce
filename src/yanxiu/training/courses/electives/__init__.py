"""选课: in a window of days, learners choose the elective courses of their class; without a window all of them are theirs."""
