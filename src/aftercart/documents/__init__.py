"""Documents: papers for people, such as the slip in a parcel, as PDF that is read aloud in the right order."""
