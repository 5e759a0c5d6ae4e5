"""Access: who may call, as what."""
