"""Our dataclasses as message JSON, and back. Versioned; an unknown version raises."""
