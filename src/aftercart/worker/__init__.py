"""The loops beside the requests: sequencing, reacting, deadlines, housekeeping."""
