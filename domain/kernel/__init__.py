"""What an event, an action, a field, a state and a refusal are; rights, types and money. It knows no subject."""
