package dev.ringfence.cli;

import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.AgentStatus.Budget;
import dev.ringfence.report.AgentStatus.Followed;
import dev.ringfence.report.AgentStatus.Holds;
import dev.ringfence.report.AgentStatus.LastError;
import dev.ringfence.report.AgentStatus.Proved;
import dev.ringfence.report.AgentStatus.Unguarded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// An agent's status for a person.
final class StatusText {
  private static final int MOST_LISTED = 20;
  private static final String INDENT = "  ";

  private final AgentStatus is;
  private final Instant now;
  private final List<String> out = new ArrayList<>();

  private StatusText(AgentStatus is, Instant now) {
    this.is = is;
    this.now = now;
  }

  /// @param policies whether each policy in force is named
  static List<String> of(AgentStatus status, Instant now, boolean policies) {
    StatusText text = new StatusText(status, now);
    text.out.add("node " + status.node() + ": " + status.health());
    status.degraded().forEach(why -> text.out.add(INDENT + "! " + why));
    text.inForce();
    text.budget();
    text.input();
    text.table();
    text.proof();
    text.denied();
    text.unguarded();
    text.lastError();
    text.line("agent", text.agent());
    if (policies) {
      text.policies();
    }
    return text.out;
  }

  private void line(String name, String says) {
    out.add(INDENT + "%-11s".formatted(name) + says);
  }

  private void inForce() {
    if (is.appliedAt() == null) {
      line("in force", "nothing of this run; the kernel keeps what it had");
      return;
    }
    line("in force", "generation " + is.generation() + ", since " + when(is.appliedAt()));
    Holds holds = is.holds();
    line(
        "holds",
        "%s of %s, %s"
            .formatted(
                count(holds.localPods(), "local pod"),
                count(holds.pods(), "pod"),
                count(holds.policies(), "policy")));
    line(
        "",
        "%s, %s, %s with %s: about %s in the kernel"
            .formatted(
                count(holds.groups(), "group"),
                count(holds.chains(), "chain"),
                count(holds.sets(), "set"),
                count(holds.members(), "member"),
                bytes(holds.estimatedKernelBytes())));
  }

  private void budget() {
    Budget budget = is.budget();
    String used = "%,d of %,d members of peer sets".formatted(budget.used(), budget.members());
    String unions =
        budget.unions() == 0 ? "" : "; " + count(budget.unions(), "group") + " by their selectors";
    String refused =
        budget.refused() == null
            ? ""
            : "; refused is a state that needs %,d".formatted(budget.refused());
    line("budget", used + unions + refused);
  }

  private void input() {
    String from = String.join(" ", is.input().paths());
    if (is.input().complete()) {
      line("input", from + ": all of it is in force");
    } else {
      line("input", from + ": not all of it is in force");
      listed(is.input().refusals());
    }
    is.input().kinds().forEach(kind -> line("", "%-14s".formatted(kind.kind()) + followed(kind)));
  }

  private String followed(Followed kind) {
    List<String> words = new ArrayList<>();
    words.add(
        kind.listedAt() == null
            ? "not listed yet"
            : "%,d, listed %s".formatted(kind.objects(), when(kind.listedAt())));
    if (kind.lists() > 1) {
      words.add(count(kind.lists(), "list"));
    }
    if (kind.silentSeconds() != null) {
      words.add("last heard " + seconds(kind.silentSeconds()) + " ago");
    }
    if (kind.trouble() != null) {
      words.add("cannot be followed: " + kind.trouble());
    }
    return String.join(", ", words);
  }

  private void table() {
    String keeping =
        is.table().owned()
            ? "nobody else may edit it"
            : is.table().resyncSeconds() == 0
                ? "others may edit it, and nobody looks"
                : "others may edit it; looked at every " + seconds(is.table().resyncSeconds());
    String last = is.table().lastRepairAt();
    String repairs =
        last == null
            ? "never repaired"
            : "repaired %s (%s), last %s"
                .formatted(
                    count(is.table().repairs(), "time"),
                    count(is.table().repaired(), "difference"),
                    when(last));
    line("table", keeping + "; " + repairs);
    if (!is.table().established().equals("cut")) {
      int anew = is.table().judgedAnew();
      line(
          "kept",
          "established connections (%s)".formatted(is.table().established())
              + (anew == 0
                  ? ""
                  : "; judged anew where an end changed hands: %d %s"
                      .formatted(anew, anew == 1 ? "address" : "addresses")));
    }
  }

  private void proof() {
    Proved proof = is.proof();
    if (proof.at() == null) {
      line("proof", "not run");
      return;
    }
    line(
        "proof",
        "%s, of generation %d, %s; it took %s"
            .formatted(
                proof.result(), proof.generation(), when(proof.at()), seconds(proof.seconds())));
    listed(proof.differences());
  }

  private void denied() {
    String all =
        is.denied().entrySet().stream()
            .map(one ->
                "%s %s (%s)"
                    .formatted(
                        one.getKey(),
                        count(one.getValue().packets(), "packet"),
                        bytes(one.getValue().bytes())))
            .collect(Collectors.joining(", "));
    line("denied", all.isEmpty() ? "-" : all);
  }

  private void unguarded() {
    List<Unguarded> pods = is.unguarded();
    line("unguarded", pods.isEmpty() ? "no pod" : count(pods.size(), "pod"));
    listed(pods.stream().map(pod -> pod.pod() + ": " + pod.reason()).toList());
  }

  private void lastError() {
    LastError error = is.lastError();
    if (error == null) {
      line("last error", "none");
      return;
    }
    String then =
        error.over()
            ? "over since"
            : error.lastGoodInForce() ? "the last good state is in force" : "nothing was in force";
    line("last error", "%s (%s): %s".formatted(when(error.at()), then, error.message()));
  }

  private String agent() {
    return "process %d, up %s, version %s"
        .formatted(is.pid(), seconds(is.uptimeSeconds()), is.version());
  }

  private void policies() {
    line("policies", is.policies().isEmpty() ? "none" : "");
    is.policies()
        .forEach(one -> {
          String generation = one.generation() == null ? "" : " generation " + one.generation();
          String uid = one.uid() == null ? "" : " uid " + one.uid();
          out.add(INDENT + INDENT + one.id() + generation + uid);
        });
  }

  private void listed(List<String> lines) {
    lines.stream().limit(MOST_LISTED).forEach(line -> out.add(INDENT + INDENT + line));
    if (lines.size() > MOST_LISTED) {
      out.add(INDENT + INDENT + "and " + (lines.size() - MOST_LISTED) + " more (-o json has all)");
    }
  }

  private String when(String at) {
    Duration ago = Duration.between(Instant.parse(at), now);
    String time = at.replaceFirst("\\.[0-9]+Z$", "Z");
    return time + " (" + seconds(Math.max(0, ago.toMillis() / 1000.0)) + " ago)";
  }

  /// Two figures or a little more: `12 ms`, `3.4 s`, `5 min`, `7 h 12 min`, `3 d 4 h`.
  static String seconds(double seconds) {
    if (seconds < 1) {
      return Math.round(seconds * 1000) + " ms";
    }
    if (seconds < 60) {
      return seconds < 10
          ? String.format(Locale.ROOT, "%.1f s", seconds)
          : Math.round(seconds) + " s";
    }
    long minutes = (long) (seconds / 60);
    if (minutes < 60) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    return hours < 24
        ? hours + " h " + minutes % 60 + " min"
        : hours / 24 + " d " + hours % 24 + " h";
  }

  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double in = bytes / 1024.0;
    for (String unit : List.of("KiB", "MiB", "GiB")) {
      if (in < 1024 || unit.equals("GiB")) {
        return String.format(Locale.ROOT, in < 10 ? "%.1f %s" : "%.0f %s", in, unit);
      }
      in /= 1024;
    }
    throw new IllegalStateException("the last unit takes all");
  }

  private static String count(long count, String of) {
    String several = of.endsWith("y") ? of.substring(0, of.length() - 1) + "ies" : of + "s";
    return count + " " + (count == 1 ? of : several);
  }
}
