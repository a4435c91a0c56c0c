package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One item of `from` or `to` (S158 to S163): selectors first, then ipBlock, then their mixture.
final class PeerBinder {
  private static final String NO_CIDR_YET_KEPT =
      "no CIDR, and kept as the old object has it: it matches nothing";

  private final Findings findings;
  private final PolicyRules rules;
  private final SelectorBinder selectors;

  PeerBinder(Findings findings, PolicyRules rules) {
    this.findings = findings;
    this.rules = rules;
    this.selectors = new SelectorBinder(findings, rules);
  }

  /// Empty where a mistake was reported.
  Optional<Peer> bind(Tree.Mapping item, Path path) {
    Tree pods = item.get("podSelector");
    Tree namespaces = item.get("namespaceSelector");
    Tree block = item.get("ipBlock");
    if (pods == null && namespaces == null && block == null) {
      findings.required(path, "must specify a peer");
      return Optional.empty();
    }
    Optional<LabelSelector> podSelector = selector(item, "podSelector", path);
    Optional<LabelSelector> namespaceSelector = selector(item, "namespaceSelector", path);
    Optional<Peer> ipBlock =
        block instanceof Tree.Mapping mapping
            ? block(mapping, path.field(item, "ipBlock"))
            : Optional.empty();
    if (block != null && (pods != null || namespaces != null)) {
      findings.forbidden(path, "may not specify both ipBlock and another peer");
      return Optional.empty();
    }
    if (block != null) {
      return ipBlock;
    }
    boolean unread =
        (pods != null && podSelector.isEmpty())
            || (namespaces != null && namespaceSelector.isEmpty());
    NamespaceScope scope =
        namespaceSelector.isPresent()
            ? new NamespaceScope.Matching(namespaceSelector.get())
            : new NamespaceScope.PolicyNamespace();
    return unread ? Optional.empty() : Optional.of(new Peer.Pods(scope, podSelector));
  }

  private Optional<LabelSelector> selector(Tree.Mapping item, String field, Path path) {
    Tree.Mapping selector = Values.mapping(item, field);
    return selector == null ? Optional.empty() : selectors.bind(selector, path.field(item, field));
  }

  private Optional<Peer> block(Tree.Mapping block, Path path) {
    Path cidrPath = path.field(block, "cidr");
    Optional<String> text = Values.text(block, "cidr");
    if (text.orElse("").isEmpty()) {
      if (text.isPresent() || block.get("cidr") == null) {
        missing(cidrPath);
      }
      return Optional.empty();
    }
    Optional<CidrText> cidr = cidr(text.get(), cidrPath);
    Path list = path.field(block, "except");
    if (cidr.isEmpty()) {
      warnOfHoles(block, list);
      return Optional.empty();
    }
    List<Cidr> holes = new ArrayList<>();
    boolean readable = true;
    int i = 0;
    for (Tree item : Values.items(block, "except")) {
      Path at = list.item(i++, item);
      String hole = Values.itemText(item);
      Optional<CidrText> read = hole == null ? Optional.empty() : cidr(hole, at);
      if (read.isEmpty()) {
        readable = false;
        continue;
      }
      if (!cidr.get().strictlyContains(read.get())) {
        findings.invalid(
            at, GoText.quote(String.valueOf(hole)), "must be a strict subset of `cidr`");
      }
      holes.add(read.get().cidr());
    }
    return readable
        ? Optional.of(new Peer.Block(new IpBlock(cidr.get().cidr(), holes)))
        : Optional.empty();
  }

  /// Where the old object excuses a `cidr` that is none, its `except` is not checked (S184).
  private void warnOfHoles(Tree.Mapping block, Path list) {
    int i = 0;
    for (Tree item : Values.items(block, "except")) {
      Path at = list.item(i++, item);
      String hole = String.valueOf(Values.itemText(item));
      CidrText.sloppy(hole).ifPresent(read -> warn(read, hole, at));
    }
  }

  private void warn(CidrText read, String text, Path path) {
    for (String warning : read.warnings(text, rules.release())) {
      findings.warning(path, Reason.INVALID, warning, !rules.stored());
    }
  }

  private void missing(Path cidr) {
    if (rules.release().missingCidrLast()) {
      findings.requiredAtEnd(cidr);
    } else {
      findings.required(cidr, "");
    }
  }

  /// Empty only where even an old server could not read it (S168).
  private Optional<CidrText> cidr(String text, Path path) {
    Optional<CidrText> read = CidrText.sloppy(text);
    boolean exempt = rules.exempt(text);
    if (read.isEmpty()) {
      if (exempt) {
        findings.warning(path, Reason.INVALID, NO_CIDR_YET_KEPT, false);
      } else {
        findings.invalid(path, GoText.quote(text), CidrText.NOT_A_CIDR, CidrText.meant(text));
      }
      return Optional.empty();
    }
    Optional<String> mistake =
        rules.strictCidrs() && !exempt ? read.get().strictMistake(text) : Optional.empty();
    if (mistake.isPresent()) {
      findings.invalid(path, GoText.quote(text), mistake.get(), read.get().meant());
    } else {
      warn(read.get(), text, path);
    }
    return read;
  }
}
