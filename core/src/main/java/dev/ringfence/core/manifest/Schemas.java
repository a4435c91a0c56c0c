package dev.ringfence.core.manifest;

import static dev.ringfence.core.manifest.Schema.BOOL;
import static dev.ringfence.core.manifest.Schema.INT32;
import static dev.ringfence.core.manifest.Schema.INT64;
import static dev.ringfence.core.manifest.Schema.INT_OR_STRING;
import static dev.ringfence.core.manifest.Schema.LABELS;
import static dev.ringfence.core.manifest.Schema.TEXT;
import static dev.ringfence.core.manifest.Schema.TIME;
import static dev.ringfence.core.manifest.Schema.closed;
import static dev.ringfence.core.manifest.Schema.list;
import static dev.ringfence.core.manifest.Schema.open;

/// The kinds beside [PolicySchema]: our own whole, of the others the fields that matter here.
final class Schemas {
  private Schemas() {}

  private static final Schema OPEN_META =
      open(
          "ObjectMeta",
          "name",
          TEXT,
          "generateName",
          TEXT,
          "namespace",
          TEXT,
          "uid",
          new Schema.Text("types.UID"),
          "generation",
          INT64,
          "labels",
          LABELS,
          "ownerReferences",
          list(PolicySchema.OWNER));

  private static final Schema CONTAINERS =
      list(
          open(
              "Container",
              "name",
              TEXT,
              "restartPolicy",
              TEXT,
              "ports",
              list(
                  open(
                      "ContainerPort",
                      "name",
                      TEXT,
                      "containerPort",
                      INT32,
                      "protocol",
                      PolicySchema.PROTOCOL))));

  private static final Schema POD_SPEC =
      open(
          "PodSpec",
          "nodeName",
          TEXT,
          "hostNetwork",
          BOOL,
          "containers",
          CONTAINERS,
          "initContainers",
          CONTAINERS);

  private static final Schema TEMPLATE =
      open("PodTemplateSpec", "metadata", OPEN_META, "spec", POD_SPEC);

  static final Schema.Struct META_ONLY =
      open("Object", "apiVersion", TEXT, "kind", TEXT, "metadata", OPEN_META);

  static final Schema.Struct POD =
      open(
          "Pod",
          "metadata",
          OPEN_META,
          "spec",
          POD_SPEC,
          "status",
          open(
              "PodStatus",
              "phase",
              new Schema.Text("v1.PodPhase"),
              "podIP",
              TEXT,
              "podIPs",
              list(open("PodIP", "ip", TEXT)),
              "startTime",
              TIME));

  static final Schema.Struct NODE =
      open(
          "Node",
          "metadata",
          OPEN_META,
          "spec",
          open("NodeSpec", "podCIDR", TEXT, "podCIDRs", list(TEXT)),
          "status",
          open(
              "NodeStatus",
              "addresses",
              list(
                  open(
                      "NodeAddress",
                      "type",
                      new Schema.Text("v1.NodeAddressType"),
                      "address",
                      TEXT))));

  static final Schema.Struct SERVICE =
      open(
          "Service",
          "metadata",
          OPEN_META,
          "spec",
          open(
              "ServiceSpec",
              "type",
              new Schema.Text("v1.ServiceType"),
              "clusterIP",
              TEXT,
              "clusterIPs",
              list(TEXT),
              "ipFamilies",
              list(new Schema.Text("v1.IPFamily")),
              "ipFamilyPolicy",
              new Schema.Text("v1.IPFamilyPolicy"),
              "externalTrafficPolicy",
              new Schema.Text("v1.ServiceExternalTrafficPolicy"),
              "externalName",
              TEXT,
              "selector",
              LABELS,
              "ports",
              list(
                  open(
                      "ServicePort",
                      "name",
                      TEXT,
                      "protocol",
                      PolicySchema.PROTOCOL,
                      "port",
                      INT32,
                      "targetPort",
                      INT_OR_STRING,
                      "nodePort",
                      INT32))));

  static final Schema.Struct ENDPOINT_SLICE =
      open(
          "EndpointSlice",
          "metadata",
          OPEN_META,
          "addressType",
          new Schema.Text("v1.AddressType"),
          "endpoints",
          list(
              open(
                  "Endpoint",
                  "addresses",
                  list(TEXT),
                  "conditions",
                  open("EndpointConditions", "ready", BOOL))),
          "ports",
          list(
              open(
                  "EndpointPort", "name", TEXT, "protocol", PolicySchema.PROTOCOL, "port", INT32)));

  /// Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController and Job.
  static final Schema.Struct WORKLOAD =
      open(
          "Workload",
          "metadata",
          OPEN_META,
          "spec",
          open(
              "WorkloadSpec",
              "replicas",
              INT32,
              "parallelism",
              INT32,
              "completions",
              INT32,
              "template",
              TEMPLATE));

  static final Schema.Struct CRON_JOB =
      open(
          "CronJob",
          "metadata",
          OPEN_META,
          "spec",
          open(
              "CronJobSpec",
              "jobTemplate",
              open("JobTemplateSpec", "spec", open("JobSpec", "template", TEMPLATE))));

  static final Schema.Struct LAB =
      closed(
          "Lab",
          "apiVersion",
          TEXT,
          "kind",
          TEXT,
          "metadata",
          OPEN_META,
          "spec",
          closed(
              "LabSpec",
              "nodes",
              INT32,
              "outside",
              list(
                  closed(
                      "OutsideHost",
                      "name",
                      TEXT,
                      "addresses",
                      list(TEXT),
                      "ports",
                      list(
                          closed(
                              "OutsidePort", "protocol", PolicySchema.PROTOCOL, "port", INT32))))));
}
