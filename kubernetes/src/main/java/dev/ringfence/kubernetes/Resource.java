package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;

/// Where the objects of a kind are listed, of all namespaces at once.
final class Resource {
  private Resource() {}

  static String path(LiveKind kind) {
    return switch (kind) {
      case NAMESPACE -> "/api/v1/namespaces";
      case NODE -> "/api/v1/nodes";
      case POD -> "/api/v1/pods";
      case SERVICE -> "/api/v1/services";
      case NETWORK_POLICY -> "/apis/networking.k8s.io/v1/networkpolicies";
    };
  }
}
