"""What is wrong with the place where figures are kept, for whoever reads or stores one."""


class MediaUnavailable(OSError):
    """The store of figures does not answer, or refuses to: what it says, and the remedy. Never an address with keys."""
