"""Messages: what is written to customers, composed from an order before and after what happened."""
