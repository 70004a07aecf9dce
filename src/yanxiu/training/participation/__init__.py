"""请假、缓考、延期, and the closing survey: what passes between a learner and the class manager about taking part."""
