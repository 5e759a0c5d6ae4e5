"""The benchmark: what the shop does in a second, measured against what its database could do at best."""
