package dev.ringfence.core.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One object's text, read: a document, or an item of a list document.
///
/// @param json whether it was written as JSON: numbers are then read as JSON has them (S140)
/// @param list the kind and version of the list around it, for items that say neither
record Document(Tree root, boolean json, List<Duplicate> duplicates, Tree.@Nullable Mapping list) {
  Document {
    duplicates = List.copyOf(duplicates);
  }
}
