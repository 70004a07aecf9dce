"""面授与考勤 as a learner sees it: when and where, 签到, and what was confirmed."""
