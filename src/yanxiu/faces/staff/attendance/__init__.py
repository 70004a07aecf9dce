"""面授与考勤 from the staff's side: planning, the code on the screen, the sheet, corrections."""
