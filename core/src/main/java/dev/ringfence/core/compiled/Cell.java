package dev.ringfence.core.compiled;

/// What all tiers together say about one subject and one peer in one direction.
///
/// `allowed` and `denied` are disjoint. What is in neither was decided by nobody, which allows.
public record Cell(PortSet allowed, PortSet denied) {
  /// Nothing applies.
  public static final Cell UNTOUCHED = new Cell(PortSet.NONE, PortSet.NONE);

  public PortSet undecided() {
    return allowed.union(denied).complement();
  }

  /// What may pass: all that nobody denied.
  public PortSet open() {
    return denied.complement();
  }
}
