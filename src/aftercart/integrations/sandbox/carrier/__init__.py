"""A carrier that makes real labels for parcels nobody brings anywhere."""
