"""The UI: pages that take the scope, ask one question and draw. It holds no SQL and computes no business numbers."""
