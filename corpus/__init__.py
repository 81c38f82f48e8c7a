"""What was published: sources, articles, revisions and passages, and the store that keeps them."""
