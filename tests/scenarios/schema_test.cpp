// schema.json and the parser know the same keys, and the scenarios that ship are sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/yaml.h"
#include "scenarios/plan.h"
#include "scenarios/reading/keys.h"
#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::filesystem::path kFolder = std::filesystem::path{SURGEPROOF_SOURCE_DIR} / "scenarios";

/// The keys of "properties" in a mapping of the schema, or in its alternatives.
std::vector<std::string> properties_of(const YamlNode& definition) {
  std::vector<std::string> keys;
  if (const auto* properties = definition.find("properties")) {
    for (const auto& [key, value] : properties->entries) keys.push_back(key.scalar);
  }
  if (const auto* alternatives = definition.find("oneOf"); alternatives != nullptr && keys.empty()) {
    for (const auto& alternative : alternatives->items) {
      for (auto& key : properties_of(alternative)) keys.push_back(std::move(key));
    }
  }
  return keys;
}

TEST(Schema, KnowsTheKeysOfTheParserAndNoOthers) {
  const auto schema = parse_yaml(read_file(kFolder / "schema.json"), "schema.json");  // JSON is YAML
  ASSERT_TRUE(schema) << format_diagnostic(schema.error()[0]);
  const auto* definitions = schema->find("$defs");
  ASSERT_NE(definitions, nullptr);
  for (const auto* table : reading::kAllTables) {
    const auto* definition = table == &reading::kScenario ? &*schema : definitions->find(table->name);
    ASSERT_NE(definition, nullptr) << table->name;
    std::vector<std::string> known{table->known.begin(), table->known.end()};
    EXPECT_THAT(properties_of(*definition), UnorderedElementsAreArray(known)) << table->name;
  }
  // And every definition with properties is one of the parser's.
  for (const auto& [name, definition] : definitions->entries) {
    if (properties_of(definition).empty()) continue;
    std::vector<std::string> tables;
    for (const auto* table : reading::kAllTables) tables.emplace_back(table->name);
    EXPECT_THAT(tables, Contains(name.scalar));
  }
}

TEST(Schema, RefersOnlyToWhatItDefines) {
  const auto schema = parse_yaml(read_file(kFolder / "schema.json"), "schema.json");
  ASSERT_TRUE(schema);
  std::vector<const YamlNode*> open{&*schema};
  int references = 0;
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    for (const auto& item : node->items) open.push_back(&item);
    for (const auto& [key, value] : node->entries) {
      open.push_back(&value);
      if (key.scalar != "$ref") continue;
      ++references;
      ASSERT_TRUE(value.scalar.starts_with("#/$defs/")) << value.scalar;
      EXPECT_NE(schema->find("$defs")->find(value.scalar.substr(8)), nullptr) << value.scalar;
    }
  }
  EXPECT_GT(references, 50);
}

TEST(Library, EveryScenarioThatShipsIsSoundAndNotDoubtful) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator{kFolder}) {
    if (entry.path().extension() != ".yaml") continue;
    ++found;
    const auto file = entry.path().filename().string();
    const auto text = read_file(entry.path());
    const auto scenario = parse_scenario(text, file);
    ASSERT_TRUE(scenario) << format_diagnostic_with_source(scenario.error()[0], text);
    EXPECT_THAT(plan_concerns(*scenario, file), IsEmpty()) << plan_text(*scenario, file);
    EXPECT_FALSE(scenario->criteria.empty()) << file;
    EXPECT_TRUE(text.starts_with("# yaml-language-server: $schema=./schema.json\n")) << file;
  }
  EXPECT_GE(found, 5);
}

TEST(Documents, EveryScenarioInThemIsUnderstood) {
  const auto text = read_file(std::filesystem::path{SURGEPROOF_SOURCE_DIR} / "docs" / "SCENARIOS.md");
  constexpr std::string_view kFence = "```yaml\n";
  int found = 0;
  for (auto at = text.find(kFence); at != std::string::npos; at = text.find(kFence, at + 1)) {
    const auto begin = at + kFence.size();
    const auto block = text.substr(begin, text.find("```", begin) - begin);
    EXPECT_THAT(complaints(block, with_environment({{"TOKEN", "t"}})), IsEmpty()) << block;
    ++found;
  }
  EXPECT_GE(found, 3);
}

}  // namespace
}  // namespace surgeproof
