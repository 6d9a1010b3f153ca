"""Progress against targets 进度跟踪表: dated facts credited to owners, and the targets that they are held against."""
