package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;

/// Where the objects of a kind are listed, of all namespaces at once.
final class Resource {
  private Resource() {}

  /// Which of them are listed and watched; empty for all.
  ///
  /// EndpointSlices that a selector's controller keeps repeat what the selector says.
  static String selection(LiveKind kind) {
    return kind == LiveKind.ENDPOINT_SLICE
        ? "&labelSelector=endpointslice.kubernetes.io%2Fmanaged-by%21%3Dendpointslice-controller.k8s.io"
        : "";
  }

  static String path(LiveKind kind) {
    return switch (kind) {
      case NAMESPACE -> "/api/v1/namespaces";
      case NODE -> "/api/v1/nodes";
      case POD -> "/api/v1/pods";
      case SERVICE -> "/api/v1/services";
      case ENDPOINT_SLICE -> "/apis/discovery.k8s.io/v1/endpointslices";
      case NETWORK_POLICY -> "/apis/networking.k8s.io/v1/networkpolicies";
    };
  }
}
