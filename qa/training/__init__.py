"""Training and evaluation; imported by the command line and benchmarks only."""
