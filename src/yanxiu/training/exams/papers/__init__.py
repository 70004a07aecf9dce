"""Setting exams: banks and their questions, blueprints, scheduling, and the paper dealt to an attempt."""
