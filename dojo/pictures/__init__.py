"""Pictures of what the code of a step did: graphs and training."""
