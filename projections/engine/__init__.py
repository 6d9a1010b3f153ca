"""What a read model is made of: the projection protocol, bitemporal rows, corrections applied, sealed values."""
