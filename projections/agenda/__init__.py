"""The agenda 日程: what is overdue, what is due today, and what is still to be done this week."""
