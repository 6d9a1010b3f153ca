"""The scorecard 绩效评分: each person's measures in a period, weighed by the team's policy."""
