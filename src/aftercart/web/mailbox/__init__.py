"""The mailbox of a demo shop: what its customers would find in theirs."""
