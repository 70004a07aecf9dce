"""A class's rules before and while they hold: what a scheme demands, what is not ready yet, what a change would do."""
