package dev.ringfence.core.manifest;

/// The kinds of a running cluster that policies can see.
public enum LiveKind {
  NAMESPACE("Namespace"),
  NODE("Node"),
  POD("Pod"),
  SERVICE("Service"),
  ENDPOINT_SLICE("EndpointSlice"),
  NETWORK_POLICY("NetworkPolicy");

  private final String kind;

  LiveKind(String kind) {
    this.kind = kind;
  }

  Schema.Struct schema() {
    return switch (this) {
      case NAMESPACE -> Schemas.META_ONLY;
      case NODE -> Schemas.NODE;
      case POD -> Schemas.POD;
      case SERVICE -> Schemas.SERVICE;
      case ENDPOINT_SLICE -> Schemas.ENDPOINT_SLICE;
      case NETWORK_POLICY -> PolicySchema.NETWORK_POLICY;
    };
  }

  boolean isNamespaced() {
    return this != NAMESPACE && this != NODE;
  }

  /// As `kind:` in a manifest.
  @Override
  public String toString() {
    return kind;
  }
}
