"""The main job, played with real processes: a hub, two offices in two provinces, a line that is cut, a node that is killed."""
