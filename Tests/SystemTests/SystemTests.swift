import Testing

/// The real executable with programs that nobody here wrote. One after the other: they share two or three machines' worth
/// of daemons each, and a test that waits for a processor proves nothing about the product.
@Suite(.serialized) enum SystemTests {}
