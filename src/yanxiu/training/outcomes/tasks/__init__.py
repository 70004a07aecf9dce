"""What a class asks for in writing: one task a kind, edited by the class manager; a class without one asks for nothing more."""
