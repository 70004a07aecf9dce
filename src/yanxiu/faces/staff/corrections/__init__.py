"""Area: what people of the class ask about their own data – corrections of names, units and posts, erasure."""
