"""What a session must have done before the pages open, and whom to ring before anybody is signed in."""
