package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.answer.Connection;
import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Opening;
import dev.ringfence.core.answer.Party;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The document of `list` is spelled as the formats say, and obeys its schema.
final class ConnectivityWriterTest {
  private static final Party WEB = new Party("shop/deployment/web", "shop", "Deployment", "web", 2);
  private static final Party NODE = new Party("node/n1", "", "Node", "n1", 1);

  @Test
  void keysAndListsKeepTheirOrder() throws IOException {
    PortSet some =
        PortSet.of(Protocol.TCP, PortRange.only(80), new PortRange(8000, 8100))
            .union(PortSet.of(Protocol.UDP, PortRange.ALL))
            .union(new PortSet(List.of(), List.of(), List.of(), true));
    var outside =
        new Where.Outside(
            List.of(
                new AddressRange(Cidr.of("0.0.0.0/32").first(), Cidr.of("9.0.0.0/8").last()),
                Cidr.of("2001:db8::/32").range()));
    var out = new StringWriter();
    ConnectivityWriter.write(
        out,
        List.of(NODE, WEB),
        each -> {
          each.accept(
              new Connection(
                  new Where.Inside(NODE),
                  new Where.Inside(WEB),
                  new Opening(some, List.of(Family.IPV4))));
          each.accept(
              new Connection(outside, new Where.Inside(WEB), new Opening(PortSet.ALL, List.of())));
        });
    assertThat(out.toString())
        .isEqualTo(
            "{\"apiVersion\":\"ringfence.dev/v1\",\"kind\":\"Connectivity\",\"endpoints\":["
                + "{\"id\":\"node/n1\",\"kind\":\"Node\",\"name\":\"n1\",\"replicas\":1},"
                + "{\"id\":\"shop/deployment/web\",\"namespace\":\"shop\",\"kind\":\"Deployment\","
                + "\"name\":\"web\",\"replicas\":2}],\"connections\":["
                + "{\"from\":\"node/n1\",\"to\":\"shop/deployment/web\",\"all\":false,\"ports\":["
                + "{\"protocol\":\"TCP\",\"port\":80},"
                + "{\"protocol\":\"TCP\",\"port\":8000,\"endPort\":8100},"
                + "{\"protocol\":\"UDP\",\"port\":1,\"endPort\":65535},"
                + "{\"protocol\":\"other\"}],\"families\":[\"IPv4\"]},"
                + "{\"from\":{\"outside\":[\"0.0.0.0-9.255.255.255\",\"2001:db8::/32\"]},"
                + "\"to\":\"shop/deployment/web\",\"all\":true,\"ports\":[]}]}");
    Schemas.check("connectivity", out.toString());
  }
}
