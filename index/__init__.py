"""Which passages answer: vectors and keywords over the store, search, quotes and confidence."""
