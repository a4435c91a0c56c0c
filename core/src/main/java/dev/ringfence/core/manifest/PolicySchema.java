package dev.ringfence.core.manifest;

import static dev.ringfence.core.manifest.Schema.ANYTHING;
import static dev.ringfence.core.manifest.Schema.BOOL;
import static dev.ringfence.core.manifest.Schema.INT32;
import static dev.ringfence.core.manifest.Schema.INT64;
import static dev.ringfence.core.manifest.Schema.INT_OR_STRING;
import static dev.ringfence.core.manifest.Schema.LABELS;
import static dev.ringfence.core.manifest.Schema.TEXT;
import static dev.ringfence.core.manifest.Schema.TIME;
import static dev.ringfence.core.manifest.Schema.closed;
import static dev.ringfence.core.manifest.Schema.list;
import static dev.ringfence.core.manifest.Schema.pointer;

/// A NetworkPolicy, every field of it: any other is unknown (S135).
final class PolicySchema {
  private PolicySchema() {}

  static final Schema OWNER =
      closed(
          "OwnerReference",
          "apiVersion",
          TEXT,
          "kind",
          TEXT,
          "name",
          TEXT,
          "uid",
          new Schema.Text("types.UID"),
          "controller",
          pointer(BOOL),
          "blockOwnerDeletion",
          pointer(BOOL));

  private static final Schema MANAGED =
      closed(
          "ManagedFieldsEntry",
          "manager",
          TEXT,
          "operation",
          new Schema.Text("v1.ManagedFieldsOperationType"),
          "apiVersion",
          TEXT,
          "time",
          pointer(TIME),
          "fieldsType",
          TEXT,
          "fieldsV1",
          pointer(ANYTHING),
          "subresource",
          TEXT);

  private static final Schema META =
      closed(
          "ObjectMeta",
          "name",
          TEXT,
          "generateName",
          TEXT,
          "namespace",
          TEXT,
          "selfLink",
          TEXT,
          "uid",
          new Schema.Text("types.UID"),
          "resourceVersion",
          TEXT,
          "generation",
          INT64,
          "creationTimestamp",
          TIME,
          "deletionTimestamp",
          pointer(TIME),
          "deletionGracePeriodSeconds",
          pointer(INT64),
          "labels",
          LABELS,
          "annotations",
          LABELS,
          "ownerReferences",
          list(OWNER),
          "finalizers",
          list(TEXT),
          "managedFields",
          list(MANAGED));

  private static final Schema SELECTOR =
      closed(
          "LabelSelector",
          "matchLabels",
          LABELS,
          "matchExpressions",
          list(
              closed(
                  "LabelSelectorRequirement",
                  "key",
                  TEXT,
                  "operator",
                  new Schema.Text("v1.LabelSelectorOperator"),
                  "values",
                  list(TEXT))));

  static final Schema PROTOCOL = new Schema.Text("v1.Protocol");

  private static final Schema PEER =
      closed(
          "NetworkPolicyPeer",
          "podSelector",
          pointer(SELECTOR),
          "namespaceSelector",
          pointer(SELECTOR),
          "ipBlock",
          pointer(closed("IPBlock", "cidr", TEXT, "except", list(TEXT))));

  private static final Schema PORT =
      closed(
          "NetworkPolicyPort",
          "protocol",
          pointer(PROTOCOL),
          "port",
          pointer(INT_OR_STRING),
          "endPort",
          pointer(INT32));

  static final Schema.Struct NETWORK_POLICY =
      closed(
          "NetworkPolicy",
          "apiVersion",
          TEXT,
          "kind",
          TEXT,
          "metadata",
          META,
          "spec",
          closed(
              "NetworkPolicySpec",
              "podSelector",
              SELECTOR,
              "ingress",
              list(closed("NetworkPolicyIngressRule", "ports", list(PORT), "from", list(PEER))),
              "egress",
              list(closed("NetworkPolicyEgressRule", "ports", list(PORT), "to", list(PEER))),
              "policyTypes",
              list(new Schema.Text("v1.PolicyType"))));
}
