"""Pages for everybody: sign-in, invite links, health."""
