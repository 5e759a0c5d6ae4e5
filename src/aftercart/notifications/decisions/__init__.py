"""What may be asked about notifications: one file a command."""
