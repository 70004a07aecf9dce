"""Where the learners of a large class stand, kept for finding, ordering and counting them; made anew from the facts, never read as one."""
