package dev.ringfence.core.manifest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where each object stands, and each field of a policy; kept beside the model, never in it.
///
/// Objects are named `networkpolicy/shop/db`, `pod/shop/web`, `node/node-1`; fields as the API
/// server spells them.
public final class Places {
  private final Map<String, Spot> spots;

  /// @param root the tree of a policy; the other kinds keep their first line alone
  record Spot(String file, int line, int column, Tree root) {}

  Places(Map<String, Spot> spots) {
    this.spots = Map.copyOf(spots);
  }

  public static Places none() {
    return new Places(new HashMap<>());
  }

  /// The place of an object's field; of its nearest parent where it has none of its own. An empty
  /// path means the object. Empty where nobody knows the object.
  public Optional<Place> find(String objectId, String fieldPath) {
    Spot spot = spots.get(objectId);
    if (spot == null) {
      return Optional.empty();
    }
    Place best = new Place(spot.file, spot.line, spot.column);
    Tree tree = spot.root;
    int at = 0;
    while (at < fieldPath.length()) {
      int end = stepEnd(fieldPath, at);
      String step = fieldPath.substring(at, end);
      if (step.startsWith("[") && tree instanceof Tree.Sequence sequence) {
        int index = index(step);
        if (index < 0 || index >= sequence.items().size()) {
          break;
        }
        tree = sequence.items().get(index);
        best = new Place(spot.file, tree.line(), tree.column());
      } else if (tree instanceof Tree.Mapping mapping && mapping.entry(step) != null) {
        Tree.Entry entry = java.util.Objects.requireNonNull(mapping.entry(step));
        tree = entry.value();
        best = new Place(spot.file, entry.line(), entry.column());
      } else {
        break;
      }
      at = end < fieldPath.length() && fieldPath.charAt(end) == '.' ? end + 1 : end;
    }
    return Optional.of(best);
  }

  private static int stepEnd(String path, int from) {
    int i = from + 1;
    while (i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[') {
      i++;
    }
    return i;
  }

  private static int index(String step) {
    try {
      return Integer.parseInt(step, 1, step.length() - 1, 10);
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}
