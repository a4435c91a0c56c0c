package dev.ringfence.lab.api.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The three kinds of patch, most of it by the examples of their specifications.
final class PatchTest {
  /// Single quotes stand for double ones.
  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"'));
  }

  private static ObjectNode object(String text) {
    return (ObjectNode) json(text);
  }

  private static void jsonPatch(String before, String patch, String after) {
    ObjectNode given = object(before);
    assertThat(JsonPatch.apply(given, json(patch))).isEqualTo(json(after));
    assertThat(given).isEqualTo(json(before)); // is not changed
  }

  @Test
  void jsonPatchesOfTheRfc() {
    jsonPatch(
        "{'foo':'bar'}", "[{'op':'add','path':'/baz','value':'qux'}]", "{'baz':'qux','foo':'bar'}");
    jsonPatch(
        "{'foo':['bar','baz']}",
        "[{'op':'add','path':'/foo/1','value':'qux'}]",
        "{'foo':['bar','qux','baz']}");
    jsonPatch(
        "{'foo':['bar']}",
        "[{'op':'add','path':'/foo/-','value':['abc','def']}]",
        "{'foo':['bar',['abc','def']]}");
    jsonPatch(
        "{'foo':['bar','qux','baz']}",
        "[{'op':'remove','path':'/foo/1'}]",
        "{'foo':['bar','baz']}");
    jsonPatch(
        "{'foo':{'bar':'baz','waldo':'fred'},'qux':{'corge':'grault'}}",
        "[{'op':'move','from':'/foo/waldo','path':'/qux/thud'}]",
        "{'foo':{'bar':'baz'},'qux':{'corge':'grault','thud':'fred'}}");
    jsonPatch(
        "{'foo':['all','grass','cows','eat']}",
        "[{'op':'move','from':'/foo/1','path':'/foo/3'}]",
        "{'foo':['all','cows','eat','grass']}");
    jsonPatch("{'/':9,'~1':10}", "[{'op':'test','path':'/~01','value':10}]", "{'/':9,'~1':10}");
    jsonPatch(
        "{'a':{'b':1}}",
        "[{'op':'copy','from':'/a','path':'/c'},{'op':'replace','path':'/c/b','value':2}]",
        "{'a':{'b':1},'c':{'b':2}}");
  }

  @Test
  void jsonPatchThatDoesNotFitIsRefused() {
    for (String patch :
        new String[] {
          "[{'op':'remove','path':'/none'}]",
          "[{'op':'add','path':'/none/deep','value':1}]",
          "[{'op':'add','path':'/list/7','value':1}]",
          "[{'op':'add','path':'/list/01','value':1}]",
          "[{'op':'replace','path':'/none','value':1}]",
          "[{'op':'test','path':'/a','value':2}]",
          "[{'op':'jump','path':'/a'}]",
          "[{'op':'add','path':'/b'}]",
          "{'a':1}"
        }) {
      assertThatThrownBy(() -> JsonPatch.apply(object("{'a':1,'list':[]}"), json(patch)))
          .as(patch)
          .isInstanceOf(ApiError.class);
    }
  }

  @Test
  void mergePatchesOfTheRfc() {
    String[][] cases = {
      {"{'a':'b'}", "{'a':'c'}", "{'a':'c'}"},
      {"{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}"},
      {"{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}"},
      {"{'a':['b']}", "{'a':'c'}", "{'a':'c'}"},
      {"{'a':'c'}", "{'a':['b']}", "{'a':['b']}"},
      {"{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}"},
      {"{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}"},
      {"{'e':null}", "{'a':1}", "{'e':null,'a':1}"},
      {"{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}"}
    };
    for (String[] one : cases) {
      assertThat(MergePatch.apply(object(one[0]), object(one[1])))
          .as(one[1])
          .isEqualTo(json(one[2]));
    }
  }

  private static void strategic(ResourceKind kind, String before, String patch, String after) {
    assertThat(StrategicMerge.apply(kind, object(before), object(patch))).isEqualTo(json(after));
  }

  private static void ofPod(String before, String patch, String after) {
    String start = "{'spec':";
    strategic(Kinds.POD, start + before + "}", start + patch + "}", start + after + "}");
  }

  @Test
  void listsAreMergedByTheirKeys() {
    ofPod(
        "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}",
        "{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}",
        "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},"
            + "{'name':'c','image':'3'}]}");
    ofPod(
        "{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x'}]}]}",
        "{'containers':[{'name':'a','ports':[{'containerPort':80,'protocol':'UDP'},"
            + "{'containerPort':81}]}]}",
        "{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x','protocol':'UDP'},"
            + "{'containerPort':81}]}]}");
  }

  @Test
  void directivesDelete() {
    ofPod(
        "{'containers':[{'name':'a'},{'name':'b'}]}",
        "{'containers':[{'name':'a','$patch':'delete'}]}",
        "{'containers':[{'name':'b'}]}");
    ofPod(
        "{'containers':[{'name':'a'},{'name':'b'}]}",
        "{'containers':[{'name':'c'},{'$patch':'replace'}]}",
        "{'containers':[{'name':'c'}]}");
    ofPod(
        "{'nodeSelector':{'a':'1'}}",
        "{'nodeSelector':{'$patch':'replace','b':'2'}}",
        "{'nodeSelector':{'b':'2'}}");
    strategic(
        Kinds.NAMESPACE,
        "{'metadata':{'finalizers':['a/b','c/d']}}",
        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a/b'],'finalizers':['e/f']}}",
        "{'metadata':{'finalizers':['c/d','e/f']}}");
    strategic(
        Kinds.DEPLOYMENT,
        "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}",
        "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}",
        "{'spec':{'strategy':{'type':'Recreate'}}}");
  }

  @Test
  void orderIsThatOfTheDirective() {
    ofPod(
        "{'containers':[{'name':'a'},{'name':'x'},{'name':'b'}]}",
        "{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],"
            + "'containers':[{'name':'a','image':'1'}]}",
        "{'containers':[{'name':'b'},{'name':'x'},{'name':'a','image':'1'}]}");
  }

  /// S189.
  @Test
  void rulesOfAPolicyAreReplacedWhole() {
    strategic(
        Kinds.NETWORK_POLICY,
        "{'spec':{'ingress':[{'ports':[{'port':80}]}],'podSelector':{'matchLabels':{'a':'1'}}}}",
        "{'spec':{'ingress':[{}],'podSelector':{'matchLabels':{'b':'2'}}}}",
        "{'spec':{'ingress':[{}],'podSelector':{'matchLabels':{'a':'1','b':'2'}}}}");
  }

  @Test
  void itemWithoutItsKeyIsRefused() {
    assertThatThrownBy(() -> ofPod("{}", "{'containers':[{'image':'1'}]}", "{}"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("does not contain declared merge key: name");
  }
}
