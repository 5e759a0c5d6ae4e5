"""What may be asked of an order: one file a command."""
