"""Studying: the list of lessons, the player, the reading, and a lesson to practise on."""
