package dev.ringfence.core.manifest;

import java.util.ArrayList;
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

  /// The items of this document, which is a list.
  List<Document> items(Tree.Mapping list) {
    List<Document> out = new ArrayList<>();
    for (Tree item : Values.items(list, "items")) {
      String prefix = "items[" + out.size() + "].";
      List<Duplicate> inside = new ArrayList<>();
      for (Duplicate twice : duplicates) {
        if (twice.path().startsWith(prefix)) {
          inside.add(twice.below(prefix));
        }
      }
      out.add(new Document(item, json, inside, list));
    }
    return out;
  }
}
