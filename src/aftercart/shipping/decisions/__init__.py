"""What may be asked of shipping: one file a command."""
