"""Who is told of what happens in a class: each function names the persons, the words and the place, and tells them once."""
