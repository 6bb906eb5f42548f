"""Questions: read-only, one module per question, `run(scope, …)`."""
