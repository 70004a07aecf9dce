"""A look into an uploaded file, by a process of its own with little time and memory: a file made to hurt ends only that."""
