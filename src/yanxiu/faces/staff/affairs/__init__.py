"""班级事务 from the staff's side: the window of choosing, requests for leave, surveys."""
