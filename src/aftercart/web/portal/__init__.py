"""The customer's page: where their order is, and every change that is possible now."""
