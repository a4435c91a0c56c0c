package dev.ringfence.core.manifest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Validation of a NetworkPolicy's metadata in the server's order: generateName, name, labels,
/// annotations, ownerReferences, finalizers (S133, S143 to S146, S181).
final class MetaCheck {
  private static final int MOST_ANNOTATION_BYTES = 256 * 1024;
  private static final int LONGEST_GENERATED_PREFIX = 58;
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";
  private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", ORPHAN, FOREGROUND);

  private final Findings findings;
  private final PolicyRules rules;
  private final Release release;

  MetaCheck(Findings findings, PolicyRules rules) {
    this.findings = findings;
    this.rules = rules;
    this.release = rules.release();
  }

  void check(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata");
    rules.old().ifPresent(old -> isTheSame(old, meta, path));
    names(meta, path);
    new LabelCheck(findings, release).pairs(meta, "labels", path);
    annotations(meta, path);
    new OwnerCheck(findings).check(meta, path);
    finalizers(meta, path);
    rules.old().ifPresent(old -> newFinalizers(old, meta, path));
    kubernetesFinalizers(meta, path);
  }

  /// Another object of the same name, or another state of it: the server looks no further.
  private void isTheSame(Before.Old old, Tree.Mapping meta, Path path) {
    String start =
        "Operation cannot be fulfilled on networkpolicies.networking.k8s.io "
            + GoText.quote(old.name())
            + ": ";
    String uid = Values.text(meta, "uid").orElse("");
    if (!uid.isEmpty() && !uid.equals(old.uid())) {
      String there = old.uid().isEmpty() ? "one that the server has chosen" : old.uid();
      findings.beforeValidation(
          path.field(meta, "uid"),
          Reason.CONFLICT,
          start
              + "StorageError: invalid object, Code: 4, Key: /networkpolicies/"
              + old.namespace()
              + "/"
              + old.name()
              + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
              + "UID in precondition: "
              + uid
              + ", UID in object meta: "
              + there);
    }
    Path version = path.field(meta, "resourceVersion");
    String text = Values.text(meta, "resourceVersion").orElse("");
    if (text.isEmpty()) {
      return;
    }
    if (!isVersion(text)) {
      String fault =
          text.chars().allMatch(Character::isDigit) ? "value out of range" : "invalid syntax";
      findings.beforeValidation(
          version,
          Reason.INTERNAL_ERROR,
          "strconv.ParseUint: parsing " + GoText.quote(text) + ": " + fault);
    } else if (isSet(text) && !isSame(text, old.resourceVersion())) {
      findings.beforeValidation(
          version,
          Reason.CONFLICT,
          start
              + "the object has been modified; please apply your changes to the latest version and "
              + "try again");
    }
  }

  /// Whether the server can read it; to create an object, it does not look at any other (S181).
  private static boolean isVersion(String text) {
    return !text.isEmpty()
        && text.length() <= 1_000
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && new BigInteger(text).bitLength() <= 64;
  }

  /// Zero asks for nothing.
  private static boolean isSet(String text) {
    return isVersion(text) && new BigInteger(text).signum() > 0;
  }

  private static boolean isSame(String text, String old) {
    return isVersion(old) && new BigInteger(text).equals(new BigInteger(old));
  }

  /// What the rest of the object must be right for (S181).
  void last(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata");
    boolean versioned = isSet(Values.text(meta, "resourceVersion").orElse(""));
    if (versioned && rules.old().isEmpty() && rules.reading().posted()) {
      findings.last(
          path.field(meta, "resourceVersion"),
          "resourceVersion should not be set on objects to be created",
          "a cluster printed this: leave it out, or read with --stored what a cluster holds");
    }
  }

  private void newFinalizers(Before.Old old, Tree.Mapping meta, Path path) {
    SortedSet<String> added = new TreeSet<>();
    for (Tree item : Values.items(meta, "finalizers")) {
      String text = Values.itemText(item);
      if (text != null && !old.finalizers().contains(text)) {
        added.add(GoText.quote(text));
      }
    }
    if (old.deleting() && !added.isEmpty()) {
      findings.forbidden(
          path.field(meta, "finalizers"),
          "no new finalizers can be added if the object is being deleted, found new finalizers "
              + "[]string{"
              + String.join(", ", added)
              + "}");
    }
  }

  private void names(Tree.Mapping meta, Path path) {
    Optional<String> prefix = Values.text(meta, "generateName").filter(text -> !text.isEmpty());
    Optional<String> name = Values.text(meta, "name").filter(text -> !text.isEmpty());
    Path at = path.field(meta, "name");
    Path atPrefix = path.field(meta, "generateName");
    if (rules.old().isPresent()) {
      // The old object has them both, so only what no address could hold is looked at.
      prefix.ifPresent(text -> mistakes(atPrefix, text, Names.pathSegment(text)));
      name.ifPresent(text -> mistakes(at, text, Names.pathSegment(text)));
      return;
    }
    prefix.ifPresent(text -> mistakes(atPrefix, text, Names.subdomain(masked(text))));
    if (name.isPresent()) {
      mistakes(at, name.get(), Names.subdomain(name.get()));
    } else if (prefix.isPresent()) {
      String generated =
          prefix.get().substring(0, Math.min(prefix.get().length(), LONGEST_GENERATED_PREFIX))
              + "aaaaa";
      mistakes(at, generated, Names.subdomain(generated));
    } else if (meta.get("name") == null || Values.text(meta, "name").isPresent()) {
      findings.required(at, "name or generateName is required");
    }
  }

  /// A prefix may end with a dash; the server puts a letter in place of the last two characters.
  private static String masked(String prefix) {
    boolean dash = prefix.length() > 1 && prefix.endsWith("-");
    return dash ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
  }

  private void mistakes(Path at, String text, List<String> mistakes) {
    mistakes.forEach(mistake -> findings.invalid(at, GoText.quote(text), mistake));
  }

  private void annotations(Tree.Mapping meta, Path path) {
    Tree.Mapping annotations = Values.mapping(meta, "annotations");
    if (annotations == null) {
      return;
    }
    Path at = path.field(meta, "annotations");
    long size = 0;
    for (Tree.Entry entry : annotations.entries()) {
      String lower = entry.key().toLowerCase(Locale.ROOT);
      for (String mistake : Names.labelKey(lower, release)) {
        findings.invalid(at.at(entry), GoText.quote(entry.key()), mistake);
      }
      String value = Values.itemText(entry.value());
      size += bytes(entry.key()) + bytes(value == null ? "" : value);
    }
    if (size > MOST_ANNOTATION_BYTES) {
      findings.tooLong(at, "may not be more than " + MOST_ANNOTATION_BYTES + " bytes");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void finalizers(Tree.Mapping meta, Path path) {
    Path list = path.field(meta, "finalizers");
    List<Tree> items = Values.items(meta, "finalizers");
    Set<String> names = new HashSet<>();
    for (Tree item : items) {
      String text = Values.itemText(item);
      if (text != null) {
        names.add(text);
        Names.labelKey(text, release)
            .forEach(mistake -> findings.invalid(list, GoText.quote(text), mistake));
      }
    }
    if (names.containsAll(Set.of(ORPHAN, FOREGROUND))) {
      findings.invalid(
          list,
          GoText.json(items),
          "finalizer " + ORPHAN + " and " + FOREGROUND + " cannot be both set");
    }
  }

  private void kubernetesFinalizers(Tree.Mapping meta, Path path) {
    Path list = path.field(meta, "finalizers");
    int i = 0;
    for (Tree item : Values.items(meta, "finalizers")) {
      Path at = list.item(i++, item);
      String text = Values.itemText(item);
      if (text != null && text.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(text)) {
        findings.invalid(
            at,
            GoText.quote(text),
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }
}
