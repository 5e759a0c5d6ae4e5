"""Orders: the order itself, its lines and units, its holds, and every change to it."""
