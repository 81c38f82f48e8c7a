"""What members see: questions in, cited answers out, and the log of both."""

import os

# Before numpy is loaded: the threads of its matrix products keep spinning on the cores where FAISS then wants to run,
# which made a search over a million passages take 34 ms instead of 6. The products of a question are too small for two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
