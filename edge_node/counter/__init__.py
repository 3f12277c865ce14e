"""The counter: tickets drawn, called, served; waiting time comes from them and from nothing else."""
