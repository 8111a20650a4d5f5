"""From the words of a question to what is asked: kind, days, query rewriting and expansion."""
