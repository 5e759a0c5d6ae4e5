"""What may be asked of the catalog: one file a command."""
