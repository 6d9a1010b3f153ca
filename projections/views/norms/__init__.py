"""Norms 操作规范: what the team has agreed on as the way to work, and who kept it."""
