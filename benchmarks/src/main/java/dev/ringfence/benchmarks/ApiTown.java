package dev.ringfence.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A cluster as an API server tells it: a thousand pods of about 3 kB for each hundred policies.
///
/// Lists are made while they are asked for; one watch of pods is kept, to tell of changes. Plain
/// HTTP on loopback.
final class ApiTown implements AutoCloseable {
  private static final int PODS_A_NAMESPACE = 100;
  private static final int POLICIES_A_NAMESPACE = 10;
  private static final int PODS_A_NODE = 100;
  private static final String FILLER = "x".repeat(1500);

  private final HttpServer server;
  private final int pods;
  private final AtomicLong version = new AtomicLong(1_000_000);
  private final CountDownLatch watching = new CountDownLatch(1);
  private volatile OutputStream podWatch = OutputStream.nullOutputStream();
  private volatile long lastListByte;
  private final AtomicLong listedBytes = new AtomicLong();

  /// Opens in the network namespace of the calling thread.
  ApiTown(int pods) throws IOException {
    this.pods = pods;
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  int policies() {
    return pods / PODS_A_NAMESPACE * POLICIES_A_NAMESPACE;
  }

  /// When the last byte of a list was handed to the kernel, as [System#nanoTime] counts.
  long lastListByte() {
    return lastListByte;
  }

  /// How many bytes all lists had.
  long listedBytes() {
    return listedBytes.get();
  }

  void awaitWatch() throws InterruptedException {
    watching.await();
  }

  /// Tells of a pod of another node whose app is another one now.
  ///
  /// @return when the last byte of it was handed to the kernel
  long relabel(int pod, int app) throws IOException {
    String event = "{\"type\":\"MODIFIED\",\"object\":" + pod(pod, app) + "}\n";
    podWatch.write(event.getBytes(StandardCharsets.UTF_8));
    podWatch.flush();
    return System.nanoTime();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    String kind = path.substring(path.lastIndexOf('/') + 1);
    if (query.contains("watch=true")) {
      body.flush();
      if (kind.equals("pods")) {
        podWatch = body;
        watching.countDown();
      }
      return; // open until the process ends
    }
    int from =
        query.contains("continue=")
            ? Integer.parseInt(query.replaceFirst(".*continue=([0-9]+).*", "$1"))
            : 0;
    body.write(page(kind, from).getBytes(StandardCharsets.UTF_8));
    exchange.close();
    lastListByte = System.nanoTime();
  }

  private String page(String kind, int from) {
    int all =
        switch (kind) {
          case "pods" -> pods;
          case "namespaces" -> pods / PODS_A_NAMESPACE;
          case "nodes" -> pods / PODS_A_NODE;
          case "networkpolicies" -> policies();
          default -> 0;
        };
    int end = Math.min(all, from + 1000);
    List<String> items = new ArrayList<>();
    for (int i = from; i < end; i++) {
      items.add(
          switch (kind) {
            case "pods" -> pod(i, i % 10);
            case "namespaces" -> namespace(i);
            case "nodes" -> node(i);
            default -> policy(i);
          });
    }
    String next = end < all ? Integer.toString(end) : "";
    String text =
        "{\"metadata\":{\"resourceVersion\":\""
            + version.get()
            + "\",\"continue\":\""
            + next
            + "\"},\"items\":["
            + String.join(",", items)
            + "]}";
    listedBytes.addAndGet(text.length());
    return text;
  }

  private static String namespace(int i) {
    return "{\"metadata\":{\"name\":\"ns-"
        + i
        + "\",\"labels\":{\"team\":\"t"
        + i % 20
        + "\"},\"resourceVersion\":\"1\"}}";
  }

  private static String node(int i) {
    return "{\"metadata\":{\"name\":\"node-"
        + i
        + "\",\"resourceVersion\":\"1\"},\"spec\":{\"podCIDRs\":[\"10."
        + i / 256
        + "."
        + i % 256
        + ".0/24\"]},\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"192.168."
        + i / 256
        + "."
        + i % 256
        + "\"}]}}";
  }

  /// Pods of a node are of as many namespaces.
  private String pod(int i, int app) {
    int namespace = i % (pods / PODS_A_NAMESPACE);
    int node = i / PODS_A_NODE;
    String ip = "10." + node / 256 + "." + node % 256 + "." + (1 + i % PODS_A_NODE);
    return """
    {"metadata":{"name":"a%8$d-6d4f%8$d-%1$05d","namespace":"ns-%2$d",\
    "uid":"%1$08x-0000-4000-8000-0123456789ab","resourceVersion":"%6$d","ownerReferences":\
    [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"a%8$d-6d4f%8$d","uid":"r","controller":true}],\
    "labels":{"app":"a%3$d","pod-template-hash":"6d4f%3$d"},"annotations":{"a":"%7$s"},\
    "managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{"f:conditions":{},"f:x":"%7$s"}}}]},\
    "spec":{"nodeName":"node-%4$d","containers":[{"name":"main","image":"registry/app:1",\
    "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]}]},\
    "status":{"phase":"Running","podIP":"%5$s","podIPs":[{"ip":"%5$s"}],\
    "startTime":"2026-11-01T00:00:00Z","conditions":[{"type":"Ready","status":"True"}]}}\
    """
        .formatted(i, namespace, app, node, ip, version.incrementAndGet(), FILLER, i % 10);
  }

  /// In each namespace an app may be reached by the next one, and by that of a team's namespaces.
  private static String policy(int i) {
    int namespace = i / POLICIES_A_NAMESPACE;
    int app = i % POLICIES_A_NAMESPACE;
    return """
    {"metadata":{"name":"p%2$d","namespace":"ns-%1$d","uid":"p-%1$d-%2$d","generation":1,\
    "resourceVersion":"1"},"spec":{"podSelector":{"matchLabels":{"app":"a%2$d"}},\
    "policyTypes":["Ingress"],"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"a%3$d"}}},\
    {"namespaceSelector":{"matchLabels":{"team":"t%4$d"}},"podSelector":{"matchLabels":\
    {"app":"a%3$d"}}}],"ports":[{"protocol":"TCP","port":8080}]}]}}\
    """
        .formatted(namespace, app, (app + 1) % POLICIES_A_NAMESPACE, namespace % 20);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
