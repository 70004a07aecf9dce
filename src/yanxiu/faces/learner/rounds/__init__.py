"""班级研讨 for a learner: the rounds, what is asked in each, reading, writing, replying, quoting, reporting."""
