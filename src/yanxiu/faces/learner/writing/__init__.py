"""研修成果, 学习心得 and 思想汇报: what is asked for, the piece being written, what fellow learners have handed in."""
