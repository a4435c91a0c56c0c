package dev.ringfence.cli;

import dev.ringfence.report.ProofDocument;
import dev.ringfence.report.ProofDocument.Difference;
import dev.ringfence.report.ProofDocument.Rule;
import java.util.ArrayList;
import java.util.List;

/// A proof for a person.
final class ProofText {
  private static final String INDENT = "  ";

  private ProofText() {}

  static List<String> of(ProofDocument proof) {
    List<String> out = new ArrayList<>();
    out.add(
        "node "
            + proof.node()
            + (proof.equal()
                ? ": the table does what the policies say"
                : ": THE TABLE DOES NOT DO what the policies say"));
    String compared =
        "%d sets of packets compared in %s: groups %d, classes of addresses %d, intervals of ports %d"
            .formatted(
                proof.regions(),
                StatusText.seconds(proof.seconds()),
                proof.groups(),
                proof.classes(),
                proof.intervals());
    String generation = proof.generation() == 0 ? "" : ", generation " + proof.generation();
    out.add(INDENT + compared + generation);
    if (proof.differing() > 0) {
      out.add(INDENT + proof.differing() + " of them differ, such as");
    }
    proof.differences().forEach(one -> difference(one, out));
    proof.unproved().forEach(what -> out.add(INDENT + "could not be interpreted: " + what));
    return out;
  }

  private static void difference(Difference one, List<String> out) {
    out.add(INDENT + INDENT + one.words());
    String by = INDENT + INDENT + INDENT + one.table() + " by ";
    Rule rule = one.rule();
    out.add(
        rule == null
            ? by + "no rule"
            : by
                + "rule %d of chain %s, table %s: %s"
                    .formatted(rule.position(), rule.chain(), rule.table(), rule.text()));
    out.add(INDENT + INDENT + INDENT + "the policies say: " + one.policy());
  }
}
