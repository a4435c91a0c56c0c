package dev.ringfence.lab.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The messages that are understood: number, name and type of every field.
final class ProtobufFields {
  private static final Set<String> KINDS =
      Set.of(
          "Namespace",
          "Deployment",
          "Service",
          "ServiceAccount",
          "SelfSubjectAccessReview",
          "SelfSubjectRulesReview",
          "SelfSubjectReview");

  /// Types: int, bool, string, bytes, map, time, intOrString, or a message; `*` repeats, `?` tells
  /// an empty message from none.
  private static final String TABLE =
      """
      Unknown 1 typeMeta TypeMeta, 2 raw bytes, 3 contentEncoding string, 4 contentType string
      TypeMeta 1 apiVersion string, 2 kind string
      Pair 1 key string, 2 value string
      Time 1 seconds int, 2 nanos int
      IntOrString 1 type int, 2 intVal int, 3 strVal string
      ObjectMeta 1 name string, 2 generateName string, 3 namespace string, 5 uid string, \
      6 resourceVersion string, 7 generation int, 8 creationTimestamp time, 11 labels map, \
      12 annotations map
      LabelSelector 1 matchLabels map, 2 matchExpressions *Requirement
      Requirement 1 key string, 2 operator string, 3 values *string
      Namespace 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus
      NamespaceSpec 1 finalizers *string
      NamespaceStatus 1 phase string
      Deployment 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus
      DeploymentStatus 1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, \
      4 availableReplicas int, 5 unavailableReplicas int, 7 readyReplicas int
      DeploymentSpec 1 replicas int, 2 selector ?LabelSelector, 3 template Template, \
      4 strategy Strategy, 5 minReadySeconds int, 6 revisionHistoryLimit int, 7 paused bool, \
      9 progressDeadlineSeconds int
      ServiceAccount 1 metadata ObjectMeta
      Service 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ServiceStatus
      ServiceSpec 1 ports *ServicePort, 2 selector map, 3 clusterIP string, 4 type string, \
      5 externalIPs *string, 7 sessionAffinity string, 8 loadBalancerIP string, \
      10 externalName string
      ServicePort 1 name string, 2 protocol string, 3 port int, 4 targetPort intOrString, \
      5 nodePort int, 6 appProtocol string
      ServiceStatus 1 loadBalancer Nothing
      Strategy 1 type string, 2 rollingUpdate ?RollingUpdate
      RollingUpdate 1 maxUnavailable intOrString, 2 maxSurge intOrString
      Template 1 metadata ObjectMeta, 2 spec PodSpec
      PodSpec 2 containers *Container, 3 restartPolicy string, \
      4 terminationGracePeriodSeconds int, 6 dnsPolicy string, 7 nodeSelector map, \
      8 serviceAccountName string, 9 serviceAccount string, 10 nodeName string, \
      11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 14 securityContext ?Nothing, \
      16 hostname string, 17 subdomain string, 19 schedulerName string
      Nothing
      Container 1 name string, 2 image string, 3 command *string, 4 args *string, \
      5 workingDir string, 6 ports *ContainerPort, 7 env *EnvVar, 8 resources Nothing, \
      13 terminationMessagePath string, 14 imagePullPolicy string, 16 stdin bool, \
      17 stdinOnce bool, 18 tty bool, 20 terminationMessagePolicy string
      ContainerPort 1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, \
      5 hostIP string
      EnvVar 1 name string, 2 value string
      SelfSubjectAccessReview 1 metadata ObjectMeta, 2 spec AccessSpec, 3 status AccessStatus
      AccessSpec 1 resourceAttributes ?ResourceAttributes, 2 nonResourceAttributes ?PathAttributes
      ResourceAttributes 1 namespace string, 2 verb string, 3 group string, 4 version string, \
      5 resource string, 6 subresource string, 7 name string
      PathAttributes 1 path string, 2 verb string
      AccessStatus 1 allowed bool, 2 reason string, 3 evaluationError string, 4 denied bool
      SelfSubjectRulesReview 1 metadata ObjectMeta, 2 spec RulesSpec, 3 status RulesStatus
      RulesSpec 1 namespace string
      RulesStatus 3 incomplete bool, 4 evaluationError string
      SelfSubjectReview 1 metadata ObjectMeta, 2 status UserStatus
      UserStatus 1 userInfo Nothing
      """;

  private static final Map<String, Map<Integer, Field>> MESSAGES = read();

  /// @param optional whether an empty message and none differ
  record Field(String name, String type, boolean repeated, boolean optional) {
    boolean isNumber() {
      return type.equals("int") || type.equals("bool");
    }
  }

  private ProtobufFields() {}

  /// Whether it can be a whole request.
  static boolean isKind(String name) {
    return KINDS.contains(name);
  }

  static Map<Integer, Field> of(String message) {
    Map<Integer, Field> found = MESSAGES.get(message);
    if (found == null) {
      throw new IllegalStateException("no message " + message);
    }
    return found;
  }

  private static Map<String, Map<Integer, Field>> read() {
    Map<String, Map<Integer, Field>> out = new HashMap<>();
    for (String line : TABLE.lines().toList()) {
      String[] halves = line.split(" ", 2);
      Map<Integer, Field> fields = new HashMap<>();
      if (halves.length == 2) {
        for (String part : halves[1].split(", ", -1)) {
          String[] words = part.strip().split(" ", -1);
          fields.put(Integer.valueOf(words[0]), field(words[1], words[2]));
        }
      }
      out.put(halves[0], fields);
    }
    return out;
  }

  private static Field field(String name, String type) {
    boolean repeated = type.startsWith("*");
    boolean optional = type.startsWith("?");
    return new Field(name, repeated || optional ? type.substring(1) : type, repeated, optional);
  }
}
