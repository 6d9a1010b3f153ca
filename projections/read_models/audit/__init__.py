"""The audit history 审计历史: every event with both its times, who did and who entered it, and what it changed."""
