"""The benchmarks that README quotes."""
