"""修改班级: what of a class may still be changed in which state, and changing it so that nobody's change is overwritten."""
