"""雷同: what a piece shares with the others of the class and the platform. Thought reports never come here."""
