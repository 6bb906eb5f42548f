"""The benchmarks that README and docs/benchmarks.md quote. Each module has `run() -> list[Measurement]`; `make bench` runs them all."""
