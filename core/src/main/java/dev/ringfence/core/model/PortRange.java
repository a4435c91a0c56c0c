package dev.ringfence.core.model;

/// A run of port numbers, both ends included: 1 <= first <= last <= 65535.
public record PortRange(int first, int last) implements Comparable<PortRange> {
  public static final PortRange ALL = new PortRange(1, 65_535);

  public PortRange {
    if (first < 1 || last < first || last > 65_535) {
      throw new IllegalArgumentException("not a port range: " + first + "-" + last);
    }
  }

  public static PortRange only(int port) {
    return new PortRange(port, port);
  }

  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  @Override
  public int compareTo(PortRange other) {
    int byFirst = Integer.compare(first, other.first);
    return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
