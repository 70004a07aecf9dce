"""面授与考勤: sessions in person, who was there, and how that becomes study time."""
