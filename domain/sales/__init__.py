"""What is offered: needs, proposals, quotes, opportunities."""
