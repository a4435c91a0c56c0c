package dev.ringfence.core.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One recorded answer of a real API server to a manifest (semantics.md, section 2).
record ApiServerCase(
    String id,
    String manifest,
    boolean accepted,
    int http,
    String message,
    List<Cause> causes,
    boolean ordered,
    List<String> warnings,
    FieldValidation validation,
    String operation,
    Optional<String> oldManifest,
    Optional<Tree.Mapping> stored,
    String serverSetting,
    boolean kubectlAccepts) {
  /// One item of `status.details.causes`.
  record Cause(String field, String reason, String message) implements Comparable<Cause> {
    @Override
    public int compareTo(Cause other) {
      return toString().compareTo(other.toString());
    }
  }

  /// The recorded answers, or empty where the shared folder is not there.
  static Optional<List<ApiServerCase>> all() {
    Path file =
        Path.of(System.getProperty("ringfence.shared", "../../shared"), "apiserver-cases.jsonl");
    return Files.isReadable(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /// Answers that the 1.37.2 libraries of the server gave to texts of ours, made by mutation: the
  /// decoding of <https://github.com/kubernetes/apimachinery/tree/v0.37.2> and the checks that
  /// <https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/registry/rest/create.go> runs. The
  /// same libraries agree with every recorded answer.
  static List<ApiServerCase> derived() {
    return read(Path.of("src/test/resources/dev/ringfence/core/manifest/derived-answers.jsonl"));
  }

  private static List<ApiServerCase> read(Path file) {
    List<ApiServerCase> out = new ArrayList<>();
    try {
      Files.readAllLines(file).forEach(line -> out.add(parse(line)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return out;
  }

  boolean concernsNetworkPolicies() {
    return !manifest.contains("ClusterNetworkPolicy") && !manifest.contains("AdminNetworkPolicy");
  }

  /// Whether the types or the names of fields were refused, rather than the text as a whole.
  boolean isDecodeError() {
    return http == 400
        && (message.contains("json: cannot unmarshal")
            || message.contains("parsing time")
            || message.contains("strict decoding error"));
  }

  boolean oldServer() {
    return !serverSetting.isEmpty();
  }

  /// As that server was asked. The recorded old ones are new ones that emulate: new words, old
  /// gates.
  Loaded load() {
    Release release = oldServer() ? new Release(37, 35) : Release.NEWEST;
    Before before =
        oldManifest
            .map(text -> Before.read(List.of(SourceText.of("before", text))))
            .orElse(Before.NOTHING);
    Reading reading = new Reading(Admission.WRITTEN, release, validation, before, true);
    return Manifests.read(List.of(SourceText.of("case", manifest)), reading);
  }

  private static ApiServerCase parse(String line) {
    List<Document> documents = new ArrayList<>();
    DocumentReader text = new DocumentReader(SourceText.of("case", line).bytes());
    text.next();
    new TreeReader(text, documents::add).read();
    Tree.Mapping root = (Tree.Mapping) documents.getFirst().root();
    List<Cause> causes = new ArrayList<>();
    for (Tree item : Values.items(root, "causes")) {
      Tree.Mapping cause = (Tree.Mapping) item;
      causes.add(
          new Cause(
              Values.text(cause, "field").orElse(""),
              Values.text(cause, "reason").orElse(""),
              Values.text(cause, "message").orElse("")));
    }
    Tree.Mapping kubectl = Values.mapping(root, "kubectl");
    return new ApiServerCase(
        Values.text(root, "id").orElseThrow(),
        Values.text(root, "manifest").orElseThrow(),
        Values.isTrue(root, "accepted"),
        Values.int32(root, "http").orElseThrow(),
        Values.text(root, "message").orElse(""),
        causes,
        Values.isTrue(root, "causes_ordered"),
        Values.items(root, "warnings").stream().map(Values::itemText).toList(),
        FieldValidation.valueOf(
            Values.text(root, "field_validation").orElse("Strict").toUpperCase(Locale.ROOT)),
        Values.text(root, "operation").orElse(""),
        Values.text(root, "old_manifest"),
        Optional.ofNullable(Values.mapping(root, "stored")),
        Values.text(root, "server_setting").orElse(""),
        kubectl != null && Values.int32(kubectl, "exit").orElse(1) == 0);
  }
}
