import Testing

/// One after the other: they look at this process's children and its environment.
@Suite("Conversion", .serialized)
struct AllSuites {}
