"""What several views ask alike: customers, organisation, policies, records, deadlines, events."""
