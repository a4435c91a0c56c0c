package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `query` and its batch, as programs and people use them.
final class QueryCommandTest {
  private static final String SHOP = Path.of("..", "examples", "shop").toString();

  @TempDir Path folder;

  @Test
  void aVerdictIsAWordAndAnExitCode() {
    Run yes = Run.of("query", "shop/deployment/api", "shop/statefulset/db", "5432", "-f", SHOP);
    assertThat(yes).isEqualTo(new Run(0, "allowed\n", ""));
    Run no = Run.of("query", "shop/web", "shop/db", "5432/tcp", "-f", SHOP);
    assertThat(no).isEqualTo(new Run(1, "denied\n", ""));
  }

  @Test
  void jsonIsOneDocument() {
    Run run = Run.of("query", "shop/web-1", "shop/api-1", "8080", "-f", SHOP, "-o", "json");
    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                "{\"from\":\"shop/web-1\",\"to\":\"shop/api-1\",\"protocol\":\"TCP\",\"port\":8080,"
                    + "\"allowed\":true,\"egress\":\"allowed\",\"ingress\":\"allowed\","
                    + "\"certainty\":\"defined\"}\n",
                ""));
  }

  @Test
  void theFamilyAskedIsSaid() {
    Run run = Run.of("query", "shop/api", "2001:db8:2::10", "443", "-f", SHOP, "-o", "json");
    assertThat(run.out())
        .contains("\"ingress\":\"not-applicable\",\"family\":\"IPv6\",\"certainty\":\"defined\"");
  }

  @Test
  void aBatchAnswersInOrderAndSaysWhichLineItCannot() {
    Run run =
        Run.withInput(
            """
            {"id":1,"from":"shop/web-1","to":"shop/api-1","port":8080,"note":"x"}

            {"id":"two","from":"shop/web-1","to":"shop/nobody","port":1}
            {"from":"shop/web-1","to":"shop/api-1","protocol":"ICMP"}
            nonsense
            """,
            "query",
            "--batch",
            "-",
            "-f",
            SHOP);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out())
        .isEqualTo(
            """
            {"id":1,"from":"shop/web-1","to":"shop/api-1","protocol":"TCP","port":8080,\
            "allowed":true,"egress":"allowed","ingress":"allowed","certainty":"defined"}
            {"id":"two","from":"shop/web-1","to":"shop/nobody","protocol":"TCP","port":1,\
            "error":"no pod shop/nobody in the input"}
            {"from":"shop/web-1","to":"shop/api-1","protocol":"ICMP",\
            "allowed":false,"egress":"denied","ingress":"denied","certainty":"implementation"}
            {"line":"nonsense","error":"not JSON: Unrecognized token 'nonsense': was expecting \
            (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (column 1)"}
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "query shop/web shop/db 5432 | no manifests: say -f PATH",
        "query shop/web shop/db 0 -f SHOP | not a port",
        "query shop/web shop/db http -f SHOP | not a port",
        "query shop/web shop/db 53/icmp -f SHOP | not a port",
        "query shop/web shop/dbb 5432 -f SHOP | is it shop/statefulset/db?",
        "query shop/web shop/db -f SHOP | which port?",
        "query shop/web shop/db 5432 -f nowhere | nowhere: cannot be read: no such file",
        "query shop/web shop/db 5432 -f SHOP -o yaml | -o yaml: say text or json",
        "query --batch nowhere.jsonl -f SHOP | nowhere.jsonl: no such file",
        "query --batch - -f - | only one of -f and --batch",
        "query shop/web shop/db 5432 -f SHOP --host-network=maybe | say as-nodes or as-pods"
      })
  void whatCannotBeAnsweredIsTwo(String args, String says) {
    Run run = Run.of(args.replace("SHOP", SHOP).split(" "));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(says);
  }

  @Test
  void inputWithErrorsIsRefusedUnlessTheyAreSkipped() throws IOException {
    Files.writeString(
        folder.resolve("pods.yaml"),
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: x}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x}}
        """);
    Path bad = folder.resolve("policy.yaml");
    Files.writeString(
        bad,
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: bad
          namespace: x
        spec:
          podSelector: {}
          ingress:
            - ports:
                - port: 80
                  endPort: 79
        """);
    Run refused = Run.of("query", "x/a", "x/b", "80", "-f", folder.toString());
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains(bad + ":11:")
        .contains("error: networkpolicy/x/bad spec.ingress[0].ports[0].endPort: Invalid value: 79")
        .contains("1 error in the input");
    Run skipped = Run.of("query", "x/a", "x/b", "80", "-f", folder.toString(), "--skip-invalid");
    assertThat(skipped.exit()).isEqualTo(0);
    assertThat(skipped.out()).isEqualTo("allowed\n");
    assertThat(skipped.err()).contains("networkpolicy/x/bad");
  }

  @Test
  void aPodWithoutAddressIsWarnedOfWhereABlockMightMatch() throws IOException {
    Path file = folder.resolve("all.yaml");
    Files.writeString(
        file,
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: x}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: x}
        spec:
          podSelector: {}
          ingress:
            - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
              ports: [{port: 80}]
        """);
    Run matters = Run.of("query", "x/a", "x/b", "80", "-f", file.toString());
    assertThat(matters.exit()).isEqualTo(1);
    assertThat(matters.err())
        .isEqualTo(
            "warning: x/pod/a has no known address, and an ipBlock might match the one it gets\n");
    assertThat(Run.of("query", "x/a", "x/b", "81", "-f", file.toString()).err()).isEmpty();
  }

  @Test
  void aServiceOfHostNetworkPodsLeadsToTheirNodes() throws IOException {
    Path file = folder.resolve("all.yaml");
    Files.writeString(
        file,
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: x}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: exporter, namespace: x, labels: {app: exporter}}
        spec: {hostNetwork: true, nodeName: n1, containers: [{name: e, image: e}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: exporter, namespace: x}
        spec:
          clusterIP: 10.96.0.7
          selector: {app: exporter}
          ports: [{port: 80, targetPort: 9100}]
        """);
    for (String service : new String[] {"10.96.0.7", "x/service/exporter"}) {
      Run json = Run.of("query", "x/a", service, "80", "-o", "json", "-f", file.toString());
      assertThat(json.exit()).as(json.err()).isZero();
      assertThat(json.out())
          .contains("\"allowed\":true", "\"backends\":[\"node/n1\"]")
          .contains("\"ingress\":\"not-applicable\"");
      Run explained = Run.of("explain", "x/a", service, "80", "-f", file.toString());
      assertThat(explained.out()).contains("which leads to TCP 9100 of node/n1");
      assertThat(Run.of("list", "--to", service, "-f", file.toString()).err())
          .contains("nobody behind " + service + " is in the list");
      Run listed = Run.of("list", "--nodes", "--to", service, "-f", file.toString());
      assertThat(listed.out().lines().skip(1))
          .singleElement()
          .asString()
          .matches("x/pod/a +x/pod/exporter +everything");
    }
  }
}
