"""The playbook 最佳实践/话术库: what the team has adopted, and how often it worked."""
