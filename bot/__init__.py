"""What members see: questions in, cited answers out, and the log of both."""
