"""Web: the doors that people and machines come in by, over HTTP."""
