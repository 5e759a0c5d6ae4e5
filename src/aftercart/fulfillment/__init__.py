"""The floor: what hands do between the release of an order and its handover, and where its parcels are then.

It stands above ``orders``: it works on the units of an order, whose ledger alone says where each of them is.
"""
