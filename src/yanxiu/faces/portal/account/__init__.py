"""One's own account: the first sign-in's steps, password and passkeys, second factor, phone and mail, sessions, one's data."""
