"""What Surgeproof must say on a real cluster. A trial returns a list of what is wrong; an empty one is a success."""


class Undecided(Exception):
    """The machine or the cluster was too slow for this to prove anything, and the run said so or a witness did."""
