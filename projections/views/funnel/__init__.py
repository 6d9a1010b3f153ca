"""The funnel: how far the leads of a period have come."""
