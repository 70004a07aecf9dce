"""班级事务: choosing electives, asking for leave, the closing survey."""
