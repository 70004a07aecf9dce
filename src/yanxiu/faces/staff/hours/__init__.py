"""Study time from the staff's side: appeals to decide, flags to look at."""
