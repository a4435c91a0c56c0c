package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a Service says of its addresses and of who may see its clients' source.
final class ServiceReadingTest {
  private static Service read(String spec) {
    String text = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {" + spec + "}}";
    Loaded loaded =
        Manifests.read(
            List.of(
                new SourceText(
                    "s.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))),
            Admission.WRITTEN);
    assertThat(loaded.refused()).as(loaded.problems().toString()).isFalse();
    return loaded.snapshot().services().values().iterator().next();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|IPv4 IPv6",
        "ipFamilyPolicy: SingleStack|IPv4",
        "ipFamilyPolicy: PreferDualStack|IPv4 IPv6",
        "ipFamilies: [IPv6]|IPv6",
        "'ipFamilies: [IPv6], ipFamilyPolicy: RequireDualStack'|IPv6 IPv4",
        "'ipFamilies: [IPv6, IPv4], ipFamilyPolicy: PreferDualStack'|IPv6 IPv4"
      })
  void familiesAreThoseWrittenAndElseBoth(String spec, String expected) {
    assertThat(
            String.join(
                " ", read(spec).access().families().stream().map(Family::toString).toList()))
        .isEqualTo(expected);
  }

  @Test
  void headlessIsNotTheSameAsNoAddressYet() {
    assertThat(read("").access().headless()).isFalse();
    assertThat(read("clusterIP: None").access().headless()).isTrue();
    assertThat(read("clusterIPs: [None]").access().headless()).isTrue();
    Service given = read("clusterIP: 10.96.0.9");
    assertThat(given.access().headless()).isFalse();
    assertThat(given.clusterIps()).containsExactly(Address.of("10.96.0.9"));
  }

  @Test
  void nodePortsMayKeepTheSource() {
    Service local = read("type: NodePort, externalTrafficPolicy: Local");
    assertThat(local.hasNodePorts()).isTrue();
    assertThat(local.access().localOnly()).isTrue();
    assertThat(read("type: LoadBalancer, externalTrafficPolicy: Cluster").access().localOnly())
        .isFalse();
    assertThat(read("").hasNodePorts()).isFalse();
  }

  @Test
  void anExternalNameIsAnotherName() {
    assertThat(read("type: ExternalName, externalName: pay.example").access().externalName())
        .contains("pay.example");
    assertThat(read("externalName: pay.example").access().externalName()).isEmpty();
  }
}
