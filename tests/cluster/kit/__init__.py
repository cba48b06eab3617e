"""A real one-node Kubernetes for tests: builds it, brings it up in namespaces of its own, takes it down."""
