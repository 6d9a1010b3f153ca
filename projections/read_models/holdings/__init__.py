"""Holdings: whose each customer was, since when and until when protected, and how it was graded."""
