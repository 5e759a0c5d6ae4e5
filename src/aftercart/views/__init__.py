"""Views: reads across areas, one file per screen or API read; they change nothing and decide nothing."""
