"""What may be asked of the inventory: one file a command."""
