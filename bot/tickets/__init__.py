"""Tickets: what was asked, what was answered, who took care of it, and how it ended."""
