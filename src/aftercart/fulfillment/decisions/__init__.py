"""What hands on the floor and carriers may do, one file a command."""
