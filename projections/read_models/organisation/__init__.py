"""Persons, groups, calendars and policies, as they were known: what the other views look up."""
