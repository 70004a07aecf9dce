"""Sitting exams: attempts under the server's clock, answers, handing in, marking."""
