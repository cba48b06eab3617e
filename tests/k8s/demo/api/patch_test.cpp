#include "k8s/demo/api/patch.h"

#include <gtest/gtest.h>

#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;

struct PatchRow {
  std::string_view what;
  std::string_view target;
  std::string_view patch;
  std::string_view expected;  ///< empty: refused
};

class JsonPatch : public ::testing::TestWithParam<PatchRow> {};
TEST_P(JsonPatch, Applies) {
  json::object target = object_from(GetParam().target);
  const auto before = target;
  const auto patch = GetParam().patch;
  const auto applied = apply_json_patch(target, json::parse({patch.data(), patch.size()}).as_array());
  ASSERT_EQ(applied.has_value(), !GetParam().expected.empty()) << GetParam().what;
  EXPECT_EQ(target, applied ? object_from(GetParam().expected) : before) << GetParam().what;
}
INSTANTIATE_TEST_SUITE_P(
    Rows, JsonPatch,
    ::testing::Values(
        PatchRow{"add a member", R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])", R"({"a":1,"b":2})"},
        PatchRow{"add to a list", R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])", R"({"a":[1,2,3]})"},
        PatchRow{"append", R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])", R"({"a":[1,2]})"},
        PatchRow{"escapes", R"({"a/b":1,"c~d":1})",
                 R"([{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}])", R"({})"},
        PatchRow{"replace", R"({"a":{"b":1}})", R"([{"op":"replace","path":"/a/b","value":[]}])", R"({"a":{"b":[]}})"},
        PatchRow{"move and copy", R"({"a":1})",
                 R"([{"op":"copy","from":"/a","path":"/b"},{"op":"move","from":"/a","path":"/c"}])",
                 R"({"b":1,"c":1})"},
        PatchRow{"test holds", R"({"a":1})", R"([{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}])",
                 "{}"},
        PatchRow{"test fails: nothing changes", R"({"a":1})",
                 R"([{"op":"remove","path":"/a"},{"op":"test","path":"/b","value":1}])", ""},
        PatchRow{"index beyond the end", R"({"a":[1]})", R"([{"op":"add","path":"/a/7","value":2}])", ""},
        PatchRow{"index with a leading zero", R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/01"}])", ""},
        PatchRow{"missing parent", R"({})", R"([{"op":"add","path":"/a/b","value":2}])", ""},
        PatchRow{"replace what is not there", R"({})", R"([{"op":"replace","path":"/a","value":2}])", ""},
        PatchRow{"unknown operation", R"({})", R"([{"op":"frob","path":"/a","value":2}])", ""},
        PatchRow{"no value", R"({})", R"([{"op":"add","path":"/a"}])", ""},
        PatchRow{"no object", R"({})", R"([7])", ""},
        PatchRow{"no pointer", R"({"a":1})", R"([{"op":"remove","path":"a"}])", ""}));

TEST(MergePatch, MergesObjectsReplacesListsRemovesNulls) {
  json::object target = object_from(R"({"a":{"b":1,"c":[1,2]},"d":1,"e":"x"})");
  apply_merge_patch(target, object_from(R"({"a":{"c":[3],"n":{"x":null,"y":1}},"d":null,"e":{"f":1}})"));
  EXPECT_EQ(target, object_from(R"({"a":{"b":1,"c":[3],"n":{"y":1}},"e":{"f":1}})"));
}

class StrategicPatch : public ::testing::TestWithParam<PatchRow> {};
TEST_P(StrategicPatch, Applies) {
  json::object target = object_from(GetParam().target);
  const auto before = target;
  const auto applied = apply_strategic_patch(target, object_from(GetParam().patch));
  ASSERT_EQ(applied.has_value(), !GetParam().expected.empty()) << GetParam().what;
  EXPECT_EQ(target, applied ? object_from(GetParam().expected) : before) << GetParam().what;
}
INSTANTIATE_TEST_SUITE_P(
    Rows, StrategicPatch,
    ::testing::Values(
        PatchRow{"containers merge by name", R"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]})",
                 R"({"containers":[{"name":"b","image":"2"},{"name":"c"}]})",
                 R"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"},{"name":"c"}]})"},
        PatchRow{"an element is deleted", R"({"env":[{"name":"a"},{"name":"b"}]})",
                 R"({"env":[{"name":"a","$patch":"delete"}]})", R"({"env":[{"name":"b"}]})"},
        PatchRow{"the order is set", R"({"containers":[{"name":"a"},{"name":"b"}]})",
                 R"({"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","x":1}]})",
                 R"({"containers":[{"name":"b"},{"name":"a","x":1}]})"},
        PatchRow{"a container's ports by containerPort", R"({"ports":[{"containerPort":80}]})",
                 R"({"ports":[{"containerPort":80,"name":"http"}]})",
                 R"({"ports":[{"containerPort":80,"name":"http"}]})"},
        PatchRow{"a service's ports by port", R"({"ports":[{"port":80}]})", R"({"ports":[{"port":81}]})",
                 R"({"ports":[{"port":80},{"port":81}]})"},
        PatchRow{"HPA metrics are one value", R"({"metrics":[{"type":"Resource"},{"type":"Pods"}]})",
                 R"({"metrics":[{"type":"External"}]})", R"({"metrics":[{"type":"External"}]})"},
        PatchRow{"a list is replaced", R"({"env":[{"name":"a"}]})", R"({"env":[{"$patch":"replace"},{"name":"b"}]})",
                 R"({"env":[{"name":"b"}]})"},
        PatchRow{"a map is replaced", R"({"s":{"a":1}})", R"({"s":{"$patch":"replace","b":1}})", R"({"s":{"b":1}})"},
        PatchRow{"keys are retained", R"({"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}})",
                 R"({"strategy":{"$retainKeys":["type"],"type":"Recreate"}})", R"({"strategy":{"type":"Recreate"}})"},
        PatchRow{"from a list of plain values", R"({"finalizers":["a","b"]})",
                 R"({"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]})", R"({"finalizers":["b","c"]})"},
        PatchRow{"null removes", R"({"a":{"b":1,"c":1}})", R"({"a":{"b":null}})", R"({"a":{"c":1}})"},
        PatchRow{"new lists lose directives and nulls", R"({})", R"({"env":[{"name":"a","value":null}]})",
                 R"({"env":[{"name":"a"}]})"},
        PatchRow{"an element without its key", R"({"env":[]})", R"({"env":[{"value":"x"}]})", ""},
        PatchRow{"an unknown directive", R"({})", R"({"a":{"$patch":"frob"}})", ""}));

}  // namespace
}  // namespace surgeproof::demo
