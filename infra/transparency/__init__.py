"""What convinces somebody who trusts neither the team nor its database: a tree over the log, and signed notes of it."""
