package dev.ringfence.lab.api.store;

import java.util.List;

/// All objects of one resource at one revision, in the order of their keys.
public record Page(long revision, List<Stored> objects) {
  public Page {
    objects = List.copyOf(objects);
  }
}
