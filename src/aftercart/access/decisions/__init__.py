"""What may be asked about access: one file a command."""
