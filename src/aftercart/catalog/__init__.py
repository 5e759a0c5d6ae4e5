"""The catalog: variants as an order management system needs them."""
