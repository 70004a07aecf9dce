"""「我的学时」: what counts, what does not and why, day by day and lesson by lesson; appeals and their answers."""
