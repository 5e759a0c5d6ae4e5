"""Finding out which rows work on the floor may touch, before anything is locked."""
