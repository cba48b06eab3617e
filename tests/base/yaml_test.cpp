#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace surgeproof {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::string_literals;

std::string written(const YamlNode& n) {
  const auto place = "@" + std::to_string(n.line) + ":" + std::to_string(n.column);
  if (n.kind == YamlNode::Kind::scalar) return (n.plain ? n.scalar : "'" + n.scalar + "'") + place;
  std::string text = n.kind == YamlNode::Kind::sequence ? "[" : "{";
  for (const auto& item : n.items) text += written(item) + " ";
  for (const auto& [key, value] : n.entries) text += written(key) + "=" + written(value) + " ";
  if (text.size() > 1) text.pop_back();
  return text + (n.kind == YamlNode::Kind::sequence ? "]" : "}") + place;
}

std::string parsed(std::string_view text) {
  const auto tree = parse_yaml(text, "f.yaml");
  return tree ? written(*tree) : "error: " + format_diagnostic(tree.error().at(0));
}

TEST(Yaml, TreeWithPlaces) {
  EXPECT_EQ(parsed(""), "@1:1");
  EXPECT_EQ(parsed("# only a comment\n"), "@1:1");
  EXPECT_EQ(parsed("a: 1\nb:\n  - x\n  - 'y'\n"), "{a@1:1=1@1:4 b@2:1=[x@3:5 'y'@4:5]@3:3}@1:1");
  EXPECT_EQ(parsed("{a: [1, \"2\"], b: {}}"), "{a@1:2=[1@1:6 '2'@1:9]@1:5 b@1:15={}@1:18}@1:1");
  // Columns count bytes: "ä" has two.
  EXPECT_EQ(parsed("ä: x"), "{ä@1:1=x@1:5}@1:1");
  EXPECT_EQ(parsed("k: |\n  one\n  two\n"), "{k@1:1='one\ntwo\n'@1:4}@1:1");
  EXPECT_EQ(parsed("k: >-\n  one\n  two\n"), "{k@1:1='one two'@1:4}@1:1");
  EXPECT_EQ(parsed("\"a\": !!str 5"), "{'a'@1:1='5'@1:12}@1:1");
  EXPECT_EQ(parsed("\xEF\xBB\xBF"
                   "a: 1"),
            "{a@1:1=1@1:4}@1:1");
  EXPECT_EQ(parsed("a: 1\r\nb: 2\r\n"), "{a@1:1=1@1:4 b@2:1=2@2:4}@1:1");
  EXPECT_EQ(parsed("--- {a: 1}\n...\n"), "{a@1:6=1@1:9}@1:5");
}

TEST(Yaml, OffsetsOfScalarsCoverWhatIsWritten) {
  const std::string text =
      "a: \"qu\\\"x\"   # c\nb: 'it''s'\nc: |\n  one\n  two\n\nd: plain text # c\ne: [a b, \"c\"]\nf: \"multi\n  "
      "line\"\n"
      "g: multi\n  plain\nh:\ni: >-\n  last\n";
  const auto tree = parse_yaml(text, "f");
  ASSERT_TRUE(tree);
  const auto source = [&](const YamlNode* n) { return text.substr(n->begin, n->end - n->begin); };
  EXPECT_EQ(source(tree->find("a")), "\"qu\\\"x\"");
  EXPECT_EQ(source(tree->find("b")), "'it''s'");
  EXPECT_EQ(source(tree->find("c")), "|\n  one\n  two");
  EXPECT_EQ(source(tree->find("d")), "plain text");
  EXPECT_EQ(source(&tree->find("e")->items[0]), "a b");
  EXPECT_EQ(source(&tree->find("e")->items[1]), "\"c\"");
  EXPECT_EQ(source(tree->find("f")), "\"multi\n  line\"");
  EXPECT_EQ(source(tree->find("g")), "multi\n  plain");
  EXPECT_EQ(source(tree->find("h")), "");
  EXPECT_EQ(source(tree->find("i")), ">-\n  last");
}

TEST(Yaml, NullIsPlainOnly) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) EXPECT_TRUE(parse_yaml(text, "f")->is_null()) << text;
  for (const char* text : {"'~'", "\"null\"", "nil", "[]", "{}"})
    EXPECT_FALSE(parse_yaml(text, "f")->is_null()) << text;
  const auto tree = parse_yaml("a:\nb: 1", "f");
  EXPECT_TRUE(tree->find("a")->is_null());
  EXPECT_EQ(tree->find("a")->line, 1);
  EXPECT_EQ(tree->find("c"), nullptr);
}

TEST(Yaml, AliasesAreExpanded) {
  EXPECT_EQ(parsed("a: &x [1]\nb: *x\n"), "{a@1:1=[1@1:8]@1:7 b@2:1=[1@1:8]@1:7}@1:1");
  EXPECT_EQ(parsed("a: &x 1\nb: &x 2\nc: *x\n"), "{a@1:1=1@1:7 b@2:1=2@2:7 c@3:1=2@2:7}@1:1");
  EXPECT_EQ(parsed("a: &x {k: v}\nb: {<<: *x}"),
            "{a@1:1={k@1:8=v@1:11}@1:7 b@2:1={<<@2:5={k@1:8=v@1:11}@1:7}@2:4}@1:1");
}

TEST(Yaml, RefusesWithThePlace) {
  struct Row {
    std::string text;
    std::string expected;
  };
  for (const auto& [text, expected] : {
           Row{"a: 1\na: 2\n", "f.yaml:2:1: duplicate key \"a\"; it stands already in line 1"},
           Row{"x: {k: 1, 'k': 2}", "f.yaml:1:11: duplicate key \"k\"; it stands already in line 1"},
           Row{"a:\n\tb: 1\n",
               "f.yaml:2:1: not valid YAML: tab character may not be used as indentation; indent with spaces"},
           Row{"a: [1, 2\n", "f.yaml:2:1: not valid YAML: flow sequence without a closing bracket"},
           Row{"x: \"abc\n", "f.yaml:1:4: not valid YAML: double-quoted scalar without closing quote"},
           Row{"a: b: c\n", "f.yaml:1:5: not valid YAML: invalid nested block mapping on the same line"},
           Row{"y: @a\n", "f.yaml:1:4: not valid YAML: plain scalar cannot start with '@'"},
           Row{"%YAML 9.2\n---\na: 1\n", "f.yaml:1:1: not valid YAML"},
           Row{"--- 1\n--- 2\n", "f.yaml:2:1: holds more than one YAML document; keep one to a file"},
           Row{"a: *n\n", "f.yaml:1:4: alias *n has no anchor before it"},
           Row{"a: &n [1, *n]\n", "f.yaml:1:11: alias *n contains itself"},
           Row{"{[a]: 1}",
               "f.yaml:1:2: a key must be a single word or string; quote it when it has braces or brackets"},
           Row{"a: !!binary xx", "f.yaml:1:13: the tag \"tag:yaml.org,2002:binary\" is not supported; leave it out"},
           Row{"a: 1\nb\0: 2"s, "f.yaml:2:2: contains a NUL byte, so it is no text file"},
           Row{"a: \"x\\0y\"", "f.yaml:1:4: a NUL character may not stand here"},
           Row{"a: x\xFFy", "f.yaml:1:5: byte 0xFF is not valid UTF-8 here; save the file as UTF-8"},
           Row{"a: \xC0\x80", "f.yaml:1:4: byte 0xC0 is not valid UTF-8 here; save the file as UTF-8"},
           Row{"a: \xED\xA0\x80", "f.yaml:1:4: byte 0xED is not valid UTF-8 here; save the file as UTF-8"},
           Row{"\xFF\xFE"
               "a\0"s,
               "f.yaml:1:1: is UTF-16 text; save it as UTF-8"},
           Row{"a: \x07",
               "f.yaml:1:4: control character U+0007 may not stand in YAML; write it as an escape in a double-quoted "
               "string"},
       }) {
    EXPECT_EQ(parsed(text), "error: " + expected) << text;
  }
}

TEST(Yaml, AllDuplicatesAtOnceEachOnce) {
  const auto tree = parse_yaml("a: &x {k: 1, k: 2}\nb: *x\nb: 3\n", "f");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().size(), 2u);
}

TEST(Yaml, NothingIsPrinted) {
  testing::internal::CaptureStderr();
  (void)parse_yaml("a: [\n", "f");
  (void)parse_yaml("%YAML 9.2\n---\na: 1\n", "f");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), IsEmpty());
}

TEST(Yaml, SizeIsBounded) {
  const std::string text(10u << 20, ' ');
  const auto tree = parse_yaml(text, "f");
  ASSERT_FALSE(tree);
  EXPECT_EQ(format_diagnostic(tree.error()[0]), "f: is 10485760 bytes long, more than the 4194304 allowed");
}

TEST(Yaml, BillionLaughsCostsAnErrorOnly) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i <= 30; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) text += ", " + before;
    text += "]\n";
  }
  const auto tree = parse_yaml(text, "f");
  ASSERT_FALSE(tree);
  ASSERT_EQ(tree.error().size(), 1u);
  EXPECT_THAT(tree.error()[0].message, HasSubstr("is too large: more than 200000 nodes"));
}

TEST(Yaml, LongScalarsThroughAliasesAreBounded) {
  std::string text = "a: &a " + std::string(1u << 20, 'x') + "\nb: [*a";
  for (int i = 0; i < 1000; ++i) text += ", *a";
  const auto tree = parse_yaml(text + "]\n", "f");
  ASSERT_FALSE(tree);
  EXPECT_THAT(tree.error()[0].message, HasSubstr("is too large"));
}

TEST(Yaml, DepthIsBounded) {
  EXPECT_TRUE(parse_yaml(std::string(60, '[') + std::string(60, ']'), "f"));
  for (const char* unit : {"[", "{a: ", "- "}) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += unit;
    const auto tree = parse_yaml(text, "f");
    ASSERT_FALSE(tree) << unit;
    EXPECT_EQ(tree.error()[0].message, "is nested more than 64 deep") << unit;
  }
  // Through aliases, too: each line nests 30 deeper.
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const auto inner = i == 0 ? "1"s : "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " " + std::string(30, '[') + inner +
            std::string(30, ']') + "\n";
  }
  const auto tree = parse_yaml(text, "f");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error()[0].message, "is nested more than 64 deep");
}

TEST(Yaml, MutatedTextNeverCrashes) {
  const std::string seed = "a: &x {k: [1, \"two\", 'three']}\nb: *x\nc: |\n  text\n? d\n: - !!str e\n";
  const std::string bits = "{}[]:,&*!|>'\"%@`#-? \n\t\\ax\xC3\xA4";
  std::mt19937 random{20250602};
  for (int round = 0; round < 5000; ++round) {
    std::string text = seed;
    for (int change = 0; change < 4; ++change) {
      const auto at = random() % (text.size() + 1);
      const char c = bits[random() % bits.size()];
      if (random() % 2 == 0) {
        text.insert(at, 1, c);
      } else if (at < text.size()) {
        text[at] = c;
      }
    }
    const auto tree = parse_yaml(text, "f");
    if (tree) continue;
    ASSERT_FALSE(tree.error().empty()) << text;
    for (const auto& d : tree.error()) {
      ASSERT_FALSE(d.message.empty()) << text;
      ASSERT_GE(d.line, 1) << text;
    }
  }
}

}  // namespace
}  // namespace surgeproof
