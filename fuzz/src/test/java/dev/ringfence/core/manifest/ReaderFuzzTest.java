package dev.ringfence.core.manifest;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// What the hunt of `scripts/fuzz.sh` once found, read again each time; with `JAZZER_FUZZ=1` in the
/// environment it hunts for a minute itself.
class ReaderFuzzTest {
  @DictionaryEntries({
    "apiVersion: networking.k8s.io/v1\\x0Akind: NetworkPolicy\\x0Ametadata: {name: p}\\x0Aspec:\\x0A",
    "podSelector: {}",
    "podSelector:\\x0A",
    "namespaceSelector: {}",
    "matchLabels: {",
    "matchExpressions: [{key: a, operator: In, values: [b]}]",
    "operator: ",
    "NotIn",
    "Exists",
    "ingress:\\x0A",
    "egress:\\x0A",
    "- from:\\x0A",
    "- to:\\x0A",
    "from: []",
    "ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}",
    "::ffff:10.0.0.0/104",
    "policyTypes: [Ingress, Egress]",
    "ports: [{port: 80, endPort: 90, protocol: UDP}]",
    "port: ",
    "endPort: ",
    "<<: *a",
    "&a ",
    "*a",
    "null",
    "~",
    "[]",
    "{}",
    "0x50",
    "8e1",
    "!!str ",
    "!!int ",
    "\\x0A---\\x0A",
    "kind: List\\x0Aitems:\\x0A- ",
    "\\\"podSelector\\\":{},\\\"podSelector\\\":null"
  })
  @FuzzTest(maxDuration = "1m")
  void reading(byte[] bytes) {
    ReaderProperties.check(bytes);
  }
}
