"""班级公告 from the staff's side: write, publish, see who has read it; and reminding those who have not done something."""
