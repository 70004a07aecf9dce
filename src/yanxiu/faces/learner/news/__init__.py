"""班级公告 and the learner's own notices."""
